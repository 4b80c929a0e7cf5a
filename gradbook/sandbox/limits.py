"""What one submission may use."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Times in seconds, sizes in bytes; memory beyond that of the warm parent."""

    cell: float = 10.0
    call: float = 10.0
    notebook: float = 120.0
    cpu: int = 120
    memory: int = 2 << 30
    tmp: int = 64 << 20
    file: int = 32 << 20
    inodes: int = 4096
    files: int = 256
    processes: int = 64
