"""What to say of a name that does not exist."""

import difflib
from collections.abc import Collection


def there_is_no(kind: str, name: str, known: Collection[str]) -> str:
    """That there is nothing of this name, and what may be meant: what is spelled alike, or all there is."""
    alike = difflib.get_close_matches(name, known, n=2, cutoff=0.7) or sorted(known)
    return f"there is no {kind} {name!r}; {'there are' if len(alike) > 1 else 'there is'}: {', '.join(alike)}"
