"""Why something failed, read from the student's own sources: what a message alone does not say.

What came from the sandbox is believed only as far as the sources bear it out: no text is repeated that does not
stand there.
"""
