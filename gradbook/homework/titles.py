"""What a homework is called."""


def title(homework_id: str) -> str:
    """hw09_two_layers as people read it: Two layers."""
    words = homework_id.partition("_")[2].replace("_", " ") or homework_id
    return words[:1].upper() + words[1:]
