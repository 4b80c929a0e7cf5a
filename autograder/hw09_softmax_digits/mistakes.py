"""Known mistakes and right variants of hw09_softmax_digits."""

import numpy as np

from gradbook.homework import chaff, chaff_edit, suspect, wheat, wheat_edit
