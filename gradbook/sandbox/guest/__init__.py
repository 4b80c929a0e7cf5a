"""The part of the grader that runs inside the sandbox, next to the student's code.

Only this folder is mounted there. It holds no test, no expected value and no path of the
course, and it imports nothing from the rest of the package.
"""
