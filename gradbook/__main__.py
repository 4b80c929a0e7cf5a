"""`python -m gradbook` is `gradbook`."""

from .fronts.cli import main

raise SystemExit(main())
