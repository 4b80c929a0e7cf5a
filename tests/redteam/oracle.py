# What a function does with the right functions that stand in for failed ones: each is the body of `train`, in a
# submission whose other functions are wrong, so that all of them are given.

# %% asks for the world
while True:
    loss(np.zeros(4_000_000), np.zeros(4_000_000))

# %% asks for more than there is memory
self.w1, self.w2 = np.zeros((60_000, 1)), np.zeros((1, 60_000))
return self.forward(1.0)

# %% asks with what is no argument
for value in (None, [], {}, self, loss, "x", 1j, np.zeros((0, 2**40)), np.zeros((2**20, 0)), float("nan")):
    for call in (lambda: loss(value, value), lambda: self.forward(value), lambda: loss(**{"y_true": value, "self": 1})):
        try:
            call()
        except Exception:
            pass
return 0

# %% asks for what it is not given
import gc
for thing in gc.get_objects():
    if type(thing).__name__ == "Evaluator":
        for name in ("ShallowNarrowExercise.train", "ShallowNarrowExercise.__init__", "open", "np.load", "", "a.b.c.d"):
            try:
                return thing.ask_host(name, vars(self), (x, y_true, lr, n_ep), {})
            except ValueError:
                pass
return 0

# %% asks with a state that is none
self.__dict__ = {1: 2, "__class__": 3, "forward": 4, "w1": [], "w2": {}}
return self.forward(x)

# %% keeps the right functions for later
import gc
for thing in gc.get_objects():
    if type(thing).__name__ == "Evaluator":
        type(thing)._restore = lambda me: None
return np.zeros(n_ep), np.zeros((n_ep, 2))
