# %% fills /tmp
open("/tmp/big", "wb").write(bytes(60 << 20))
while True:
    open("/tmp/big", "ab").write(bytes(1 << 20))

# %% fills /dev/shm
for i in range(100):
    open(f"/dev/shm/{i}", "wb").write(bytes(30 << 20))

# %% a million files
for i in range(10**6):
    open(f"/tmp/{i}", "w")

# %% deep folders
import os
while True:
    os.mkdir("x" * 200)
    os.chdir("x" * 200)

# %% all files that can be opened for writing
import os
for folder, _, names in os.walk("/"):
    for name in names + ["new"]:
        path = os.path.join(folder, name)
        if not path.startswith(("/tmp", "/dev", "/usr", "/lib", "/site/numpy", "/python")):
            try:
                open(path, "r+b" if name != "new" else "wb").write(b"x")
                print(ALARM, "wrote", path)
            except OSError:
                pass

# %% the gradebook
import glob, os
for pattern in ("/**/gradebook.db", "/proc/*/cwd/gradebook.db", "../../../*.db"):
    for path in glob.glob(pattern, recursive=True):
        os.unlink(path)
        print(ALARM, "gone", path)

# %% links out of the folder
import os
for n, target in enumerate(("/", "/proc/1/root", "/proc/self/fd", "/dev/fd", "/etc")):
    os.symlink(target, f"link{n}")
    try:
        print(os.listdir(f"link{n}/home"), os.listdir(f"link{n}/root"))
    except OSError:
        pass

# %% fake modules beside the notebook
import os, sys
for name in ("numpy", "json", "struct", "guest", "course_helpers", "sitecustomize"):
    open(f"{name}.py", "w").write("def __getattr__(name): return lambda *a, **k: True\n")
    sys.modules.pop(name, None)
sys.path[:] = [os.getcwd()]
import numpy

# %% devices
import os, stat
for path in ("/tmp/device", "/dev/mem", "/dev/kmsg", "/dev/sda", "/dev/vda", "/dev/tty"):
    try:
        os.mknod(path, stat.S_IFBLK | 0o666, os.makedev(254, 0)) if path.startswith("/tmp") else open(path, "rb").read(9)
        print(ALARM, "opened", path)
    except OSError:
        pass

# %% locks and leases on what all read
import fcntl, numpy
file = open(numpy.__file__)
fcntl.flock(file, fcntl.LOCK_EX)
