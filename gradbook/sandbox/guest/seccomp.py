"""The filter of the first level: the calls that no notebook needs, and an attack on the kernel would start with.

Namespaces decide what a submission can see; this takes away the calls by which it might change that, and those by
which submissions that run beside each other, or one after another, could speak to or hinder each other.
"""

from . import bpf
from .bpf import ALLOW, Step, argument, equals, has_any, one_of, refuse
from .calls import Machine, machine
from .namespaces import CLONE_NEWUSER

EAFNOSUPPORT = 97
AF_UNIX, MAP_SHARED, MAP_ANONYMOUS = 1, 1, 0x20
# What fcntl may do: duplicate, and get or set flags. Its locks and leases make others wait, its signals tell of them.
FCNTL = {"DUPFD": 0, "GETFD": 1, "SETFD": 2, "GETFL": 3, "SETFL": 4, "DUPFD_CLOEXEC": 1030, "GETPIPE_SZ": 1032}
# Some of these hold memory that no limit and no count of a process's pages knows: memfd, shared memory, queues,
# pages in pipes, descriptors under way (which are also counted for the user, not the process). Others tell of the
# machine (syslog), of what others read (fanotify, inotify), or of the page cache, where bits can be left for others. A
# session of its own would give a process as much of the processor as all of another submission has.
REFUSED = """
    unshare setns mount umount2 pivot_root chroot ptrace process_vm_readv process_vm_writev bpf perf_event_open keyctl
    add_key request_key userfaultfd open_by_handle_at kcmp memfd_create shmget semget msgget mq_open syslog
    fanotify_init inotify_init inotify_init1 vmsplice splice tee sendmsg sendmmsg flock fadvise64 readahead mincore
    preadv2 io_setup setsid sync syncfs modify_ldt io_uring_setup io_uring_enter io_uring_register open_tree move_mount
    fsopen fsconfig fsmount fspick pidfd_getfd process_madvise mount_setattr memfd_secret cachestat
"""


def install() -> None:
    """Put the filter on this process and all it will start. Raises UnknownMachine where there is none."""
    bpf.install(_program(machine()))


def _program(machine: Machine) -> list[Step]:
    """Wrong machine ends the process, refused calls fail, the rest goes on."""
    numbers = machine.numbers
    return [
        *bpf.beginning(machine),
        *(step for number in machine.those(REFUSED) for step in equals(number, refuse())),
        *equals(numbers["clone"], argument(0), *has_any(CLONE_NEWUSER, refuse()), ALLOW),
        # Sockets between its own processes only: other families speak to the machine, and some leave traces for later.
        *equals(numbers["socket"], argument(0), *equals(AF_UNIX, ALLOW), refuse(EAFNOSUPPORT)),
        *equals(numbers["fcntl"], *one_of(1, FCNTL.values())),
        *equals(numbers["mmap"], *private_memory()),
        ALLOW,
    ]


def private_memory() -> list[Step]:
    """For mmap: what is shared and belongs to no file stays when it is no longer counted as a process's own."""
    return [argument(3), *has_any(MAP_ANONYMOUS, *has_any(MAP_SHARED, refuse())), ALLOW]
