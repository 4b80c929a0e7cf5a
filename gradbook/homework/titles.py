"""A homework's id as people read it."""


def title(homework_id):
    """hw01_shallow_narrow as people read it: Shallow narrow."""
    words = homework_id.partition("_")[2].replace("_", " ") or homework_id
    return words[:1].upper() + words[1:]
