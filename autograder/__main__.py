"""`python -m autograder` is `gradbook`."""

from .cli import main

raise SystemExit(main())
