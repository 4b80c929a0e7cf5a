# %% environment
import os, sys
print(dict(os.environ), sys.argv, sys.orig_argv, sys.flags, os.getcwd(), os.path.expanduser("~"))
print([open(f"/proc/{n}/{what}", "rb").read() for n in ("self", 1, 2) for what in ("environ", "cmdline")])

# %% what can be found by name
import os
for folder, folders, names in os.walk("/"):
    folders[:] = [f for f in folders if folder != "/" or f not in ("usr", "lib", "lib64", "bin", "python", "site")]
    print(folder, names)

# %% what the interpreter knows
import site, sys, sysconfig
print(sys.path, sys.prefix, sys.base_prefix, sys.executable, sysconfig.get_paths(), sysconfig.get_config_vars())
print([getattr(m, "__file__", "") for m in sys.modules.values()], site.getsitepackages(), sys.implementation)

# %% what compiled files tell
import glob, re
for path in glob.glob("/site/**/*.pyc", recursive=True) + glob.glob("/guest/**/*.pyc", recursive=True):
    print(re.findall(rb"/[\w./-]{6,}", open(path, "rb").read())[:3])

# %% the grader's modules
for name in ("gradbook", "gradbook.homework", "autograder.hw01_shallow_narrow.checks", "solutions.hw01_shallow_narrow", "nbgrader"):
    try:
        print(__import__(name))
    except ImportError:
        pass

# %% the memory of this process
import ctypes, gc
for thing in gc.get_objects():
    if isinstance(thing, dict) and any("secret" in str(k).lower() or "expected" in str(k) for k in list(thing)[:50]):
        print(str(thing)[:300])
print(gc.get_objects()[-1])

# %% frames above
import sys
frame = sys._getframe()
while frame:
    print(frame.f_code.co_filename, list(frame.f_locals)[:20])
    frame = frame.f_back

# %% the open files of this process
import os, socket
for fd in range(256):
    try:
        print(fd, os.fstat(fd).st_mode, os.readlink(f"/proc/self/fd/{fd}"))
    except OSError:
        pass
    try:
        print(socket.socket(fileno=os.dup(fd)).getpeername())
    except OSError:
        pass

# %% who runs this
import getpass, os, platform, pwd, socket
print(pwd.getpwall(), os.uname(), platform.node(), socket.gethostname(), os.getuid(), os.getgroups())

# %% network
import socket
for family, address in ((socket.AF_INET, ("127.0.0.1", 8888)), (socket.AF_INET6, ("::1", 8888)), (40, (2, 1))):
    try:
        s = socket.socket(family, socket.SOCK_STREAM)
        print(ALARM, "a socket", family)
        s.settimeout(0.2)
        s.connect(address)
        print(ALARM, "connected", address)
    except OSError:
        pass

# %% name service
import socket, urllib.request
try:
    print(socket.getaddrinfo("localhost", 80))
    urllib.request.urlopen("http://127.0.0.1:8888", timeout=0.3)
except OSError:
    pass

# %% abstract sockets and messages of the kernel
import ctypes, socket
for name in ("\0/tmp/.X11-unix/X0", "\0dbus", "/run/docker.sock", "/run/dbus/system_bus_socket"):
    try:
        socket.socket(socket.AF_UNIX).connect(name)
        print(ALARM, "connected", name)
    except OSError:
        pass
buffer = ctypes.create_string_buffer(10_000)
if ctypes.CDLL(None).klogctl(3, buffer, 10_000) > 0:
    print(ALARM, "kernel log", buffer.value[:200])

# %% other submissions
import glob
print(glob.glob("/**/submitted/**", recursive=True), glob.glob("/tmp/**", recursive=True), glob.glob("/course/*"))

# %% what others watch
import ctypes
libc = ctypes.CDLL(None)
print(ALARM if libc.inotify_init1(0) >= 0 or libc.fanotify_init(0, 0) >= 0 else "")
