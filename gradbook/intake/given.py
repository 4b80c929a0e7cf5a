"""What a student wrote into cells that are restored as they were handed out: saved where it counts, and told."""

from dataclasses import replace

from .pieces import Mended, Piece, Pieces

LONGEST_NAME = 60  # of those that a student is told


def save_solutions(pieces: Pieces) -> None:
    """Save a solution that was merged into a given cell, or written into a scratch cell."""
    release = pieces.release
    held = {piece.place for piece in pieces.own() if not piece.stub}
    lacking = set().union(*(release.names(place) for place in release.solutions if place not in held))
    for piece in list(pieces.all):
        if piece.anchor and piece.place is not None and piece.source.defined & lacking:
            rest = Piece(replace(piece.cell, cell_type="code"), piece.source)
            rest.cut(release)
            pieces.put_behind(piece, rest)
            piece.source = release.source(piece.place)


def keep_scratch(pieces: Pieces) -> None:
    """Run the student's text in a released scratch cell where the student's code elsewhere reads its names."""
    for piece in list(pieces.all):
        scratch = piece.anchor and piece.place is not None and pieces.release.is_scratch(piece.place)
        if scratch and piece.source.bound & pieces.wanting():
            pieces.put_behind(piece, Piece(piece.cell, piece.source))


def note_lost(pieces: Pieces, mended: Mended) -> None:
    """Note what the student wrote into given cells."""
    release, wanting = pieces.release, pieces.wanting()
    for piece in pieces.all:
        place = piece.place
        if not piece.anchor or place is None or place not in release.locked:
            continue
        given, name = release.source(place), release.label(place)
        lost = set() if piece.source is given else (piece.source.bound - given.bound) & wanting
        lost = {each for each in lost if len(each) <= LONGEST_NAME}
        mended.lost_names.update(dict.fromkeys(sorted(lost), name))
        if lost or (place in release.given and not piece.source.says(given)):
            mended.flags.append(f"the given cell {name} was changed; it is restored as it was handed out")
