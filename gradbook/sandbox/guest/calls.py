"""The numbers by which system calls go, on each architecture that the filters are written for.

From the kernel's headers, with which a test compares them: asm/unistd_64.h of x86, and asm-generic/unistd.h, which
64-bit ARM uses.
"""

import os
import struct
from typing import NamedTuple

# name=x86_64/aarch64, where a dash is for a call that is not there.
TABLE = """
    add_key=248/217 alarm=37/- bpf=321/280 brk=12/214 cachestat=451/451 chroot=161/51 clock_getres=229/114
    clock_gettime=228/113 clock_nanosleep=230/115 clone=56/220 clone3=435/435 close=3/57 close_range=436/436
    dup=32/23 dup2=33/- dup3=292/24 exit=60/93 exit_group=231/94 fadvise64=221/223 fanotify_init=300/262 fcntl=72/25
    flock=73/32 fsconfig=431/431 fsmount=432/432 fsopen=430/430 fspick=433/433 fstat=5/80 futex=202/98
    getcpu=309/168 getcwd=79/17 getegid=108/177 geteuid=107/175 getgid=104/176 getgroups=115/158 getitimer=36/102
    getpgrp=111/- getpid=39/172 getppid=110/173 getrandom=318/278 getresgid=120/150 getresuid=118/148
    getrlimit=97/163 getrusage=98/165 gettid=186/178 gettimeofday=96/169 getuid=102/174 inotify_init=253/-
    inotify_init1=294/26 io_setup=206/0 io_uring_enter=426/426 io_uring_register=427/427 io_uring_setup=425/425
    ioctl=16/29 kcmp=312/272 keyctl=250/219 kill=62/129 lseek=8/62 madvise=28/233 memfd_create=319/279
    memfd_secret=447/447 mincore=27/232 mmap=9/222 modify_ldt=154/- mount=165/40 mount_setattr=442/442
    move_mount=429/429 mprotect=10/226 mq_open=240/180 mremap=25/216 msgget=68/186 munmap=11/215 nanosleep=35/101
    open_by_handle_at=304/265 open_tree=428/428 pause=34/- perf_event_open=298/241 pidfd_getfd=438/438
    pivot_root=155/41 poll=7/- ppoll=271/73 prctl=157/167 preadv2=327/286 prlimit64=302/261 process_madvise=440/440
    process_vm_readv=310/270 process_vm_writev=311/271 pselect6=270/72 ptrace=101/117 read=0/63 readahead=187/213
    readv=19/65 recvfrom=45/207 request_key=249/218 restart_syscall=219/128 rseq=334/293 rt_sigaction=13/134
    rt_sigpending=127/136 rt_sigprocmask=14/135 rt_sigreturn=15/139 rt_sigsuspend=130/133 rt_sigtimedwait=128/137
    sched_getaffinity=204/123 sched_yield=24/124 select=23/- semget=64/190 sendmmsg=307/269 sendmsg=46/211
    sendto=44/206 set_robust_list=273/99 setitimer=38/103 setns=308/268 setrlimit=160/164 setsid=112/157
    shmget=29/194 sigaltstack=131/132 socket=41/198 splice=275/76 sync=162/81 syncfs=306/267
    syslog=103/116 tee=276/77 tgkill=234/131 time=201/- times=100/153 umount2=166/39 uname=63/160 unshare=272/97
    userfaultfd=323/282 vmsplice=278/75 write=1/64 writev=20/66
"""
# Calls from this number on, the same on all architectures, are newer than the filters, and not there for a submission.
TOO_NEW = 457


class Machine(NamedTuple):
    """An architecture: the number by which filters know it, and the numbers of its calls by their names."""

    audit: int
    numbers: dict[str, int]

    def those(self, names: str) -> list[int]:
        """The numbers of the calls in a text of names, but for those that it has not got."""
        return [self.numbers[name] for name in names.split() if name in self.numbers]


def _numbers(column: int) -> dict[str, int]:
    rows = [(name, numbers.split("/")[column]) for name, numbers in (entry.split("=") for entry in TABLE.split())]
    return {name: int(number) for name, number in rows if number != "-"}


MACHINES = {"x86_64": Machine(0xC000003E, _numbers(0)), "aarch64": Machine(0xC00000B7, _numbers(1))}


class UnknownMachine(Exception):
    """There is no filter for this architecture. The message names it."""


def machine() -> Machine:
    """What the filters need to know of this machine. Raises UnknownMachine where nobody wrote it down."""
    name, bits = os.uname().machine, 8 * struct.calcsize("P")
    # A Python of 32 bits makes its calls by other numbers.
    if name not in MACHINES or bits != 64:
        raise UnknownMachine(f"{name} ({bits} bits)")
    return MACHINES[name]
