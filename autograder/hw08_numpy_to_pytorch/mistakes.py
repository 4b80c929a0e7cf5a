"""Known mistakes and right variants of hw08_numpy_to_pytorch. Nothing here imports torch: the notebook has."""

from gradbook.homework import chaff, chaff_edit, suspect, wheat, wheat_edit

NET = "TwoLayerNet"

SQUARE = "the square does not see the sign"
SIDES = "the guard compares the two, whichever comes first"
ZERO_SIGN = "a sum may begin at either zero"
EQUIVALENT = {
    "train_autograd: x.mm(w1).clamp(min=0).mm(w2) - y -> y - x.mm(w1).clamp(min=0).mm(w2)": SQUARE,
    "train_sequential: loss_fn(model(x), y) -> loss_fn(y, model(x))": SQUARE,
    "train_optim: loss_fn(model(x), y) -> loss_fn(y, model(x))": SQUARE,
    "train_epoch: require_matching(prediction, y) -> require_matching(y, prediction)": SIDES,
    "evaluate: require_matching(prediction, y) -> require_matching(y, prediction)": SIDES,
    "train_epoch: 0.0 -> -0.0": ZERO_SIGN,
    "evaluate: 0.0 -> -0.0": ZERO_SIGN,
}

# Mistakes that look the same from outside are told in the same words.
TABLE = (
    "Your code squeezes or flattens one of two (n, 1) tensors, which makes an n by n table; it should do so with "
    "neither."
)
CALLERS = (
    "Your code changes the caller's w1 and w2, as a view or a detached tensor shares its numbers; it should clone them."
)
FLOATS = (
    "Your code gives tensors; it should give a list of plain floats: .item() makes a float of a tensor with one number."
)
KEPT = (
    "Your losses keep their whole graphs alive; they should be plain numbers: .item() takes the number out of a loss."
)
GROWS = (
    "Your graph grows from step to step; each step should differentiate its own loss only, and update under "
    "torch.no_grad()."
)
INSIDE = (
    "Your update happens inside the graph; it should be made under torch.no_grad(), as it is not to be differentiated."
)
LATE = "Your code records each loss after the update of its step; it should record it before."
ADDED = (
    "Your gradients add up over the steps, as backward adds into .grad; {}.zero_grad() should be called in each step."
)
STILL = "Your model never moves; each step should call backward(), then step(), with no zero_grad() between the two."
UNMOVED = (
    "Your model never moves, as .grad is zeroed before its use or `p = p - ...` makes a new tensor; p should change "
    'in place. See "3. nn.Sequential".'
)
MEAN_LOSS = 'Your MSELoss takes the mean; it should be told reduction="sum".'
L1 = "Your L1Loss is the sum of absolute errors; it should be MSELoss, for the sum of squares."
WEIGHT = (
    "Your code averages the means of the batches, the last of which is smaller; it should weight each by its number "
    "of rows."
)
COUNTS = "Your code adds up the means of the batches as they are; it should count each as often as it has rows."
EXCHANGED = "Your code gives loss_fn the target first; it should give the prediction first."
OTHER_LOSS = "Your code uses a loss of its own; it should use the loss_fn that was passed in."
NO_GRAD_THERE = (
    "Your weight's .grad is None, as a detach() cuts its graph or its name got a new tensor; w should change in "
    'place. See "2. Autograd".'
)
BENT = (
    "Your code takes or converts targets of another dtype in silence; it should refuse them, as require_matching does."
)

W_FOR_DW = "Your code takes the weight where the gradient belongs; it should step by lr times the gradient."

# ---------------------------------------------------------------- train_manual

GRAD_HIDDEN = "grad_hidden = grad_y.mm(w2.t()) * (hidden > 0)"
MOVE_1, MOVE_2 = "w1 -= lr * x.t().mm(grad_hidden)", "w2 -= lr * hidden.t().mm(grad_y)"
RECORD = "losses.append(error.pow(2).sum().item())"


@chaff_edit("train_manual", "manual_losses", ".clamp(min=0)", "", concept="definition")
def manual_without_relu():
    """no ReLU in the forward pass

    Your forward pass has no ReLU; it should have one: clamp(min=0) makes negative hidden values 0. See "1. Tensors".
    """


@chaff_edit("train_manual", "manual_losses", " * (hidden > 0)", "", concept="mask")
def manual_without_mask():
    """no ReLU mask in the gradient

    Your error comes down through hidden units that the ReLU had blocked; it should be 0 there. See "1. Tensors".
    """


@chaff_edit(
    "train_manual", "manual_losses", GRAD_HIDDEN, "grad_hidden = grad_y.mm(w2.t()).clamp(min=0)", concept="mask"
)
def manual_mask_of_the_error():
    """clamp on the error

    Your code masks by the error that comes down; it should mask by the hidden values of the forward pass. See "1.
    Tensors".
    """


@chaff_edit("train_manual", "manual_losses", "(hidden > 0)", "(hidden.sum(dim=0) > 0)", concept="mask")
def manual_mask_of_units():
    """mask for whole units, on in any row

    Your error comes down through hidden units that the ReLU had blocked; it should be 0 there. See "1. Tensors".
    """


@chaff_edit("train_manual", "manual_losses", "(hidden > 0)", "(hidden > 0).all(dim=0)", concept="mask")
def manual_mask_of_all_rows():
    """mask for whole units, on in all rows

    Your code masks a whole hidden unit as soon as it is 0 in one row; it should mask entry by entry, each row by
    itself. See "1. Tensors".
    """


@chaff_edit(
    "train_manual",
    "manual_losses",
    ("x.t().mm(grad_hidden)", "hidden.t().mm(grad_y)"),
    ("x.t().mm(grad_hidden).round(decimals=4)", "hidden.t().mm(grad_y).round(decimals=4)"),
    concept="precision",
)
def manual_rounded():
    """gradient rounded to four places

    Your code rounds the gradients to four places; it should step by all their digits.
    """


@chaff_edit(
    "train_manual",
    "manual_losses",
    (MOVE_1, MOVE_2),
    ("w1 -= lr * w1", "w2 -= lr * w2"),
    hint=W_FOR_DW,
    concept="places",
)
def manual_weight_for_gradient():
    """w for dw"""


@chaff_edit(
    "train_manual",
    "manual_losses",
    "return losses",
    "return [losses[0] * 0.9**i for i in range(n_iter)]",
    concept="loops",
)
def manual_invented_curve():
    """an invented curve

    Your code makes up a curve that falls; it should record the loss that the weights have in each step.
    """


@chaff_edit("train_manual", "manual_losses", "clamp(min=0)", "clamp(max=0)", concept="definition")
def manual_clamp_at_most():
    """clamp(max=0) for clamp(min=0)

    Your clamp(max=0) keeps the negative hidden values; it should be clamp(min=0), which keeps the positive ones. See
    "1. Tensors".
    """


@chaff_edit("train_manual", "manual_losses", "grad_y = 2 * error", "grad_y = error", concept="factor")
def manual_half_gradient():
    """factor 2 missing

    Your gradient is half as large as it should be; it should have the factor 2 that the square gives.
    """


@chaff_edit("train_manual", "manual_losses", "error.pow(2).sum()", "error.pow(2).mean()", concept="mean")
def manual_mean_loss():
    """mean recorded for the sum

    Your recorded loss is a mean; it should be the sum of squares.
    """


@chaff_edit("train_manual", "manual_losses", "grad_y = 2 * error", "grad_y = 2 * error / len(x)", concept="mean")
def manual_mean_gradient():
    """gradient divided by n

    Your gradient is divided by the number of rows; it should be a sum, as the loss is one.
    """


@chaff_edit("train_manual", "manual_losses", "hidden.mm(w2) - y", "y - hidden.mm(w2)", concept="sign")
def manual_ascends():
    """sign lost

    Your error is the target minus the prediction, which turns the gradient around; it should be the prediction minus
    the target.
    """


@chaff_edit(
    "train_manual", "manual_losses", (GRAD_HIDDEN, MOVE_1, MOVE_2), (MOVE_2, GRAD_HIDDEN, MOVE_1), concept="order"
)
def manual_moves_w2_first():
    """w2 updated before the error is passed down

    Your code moves w2 before the error has passed through it; it should compute both gradients, then move both.
    """


@chaff_edit("train_manual", "manual_losses", MOVE_2, "pass", concept="step")
def manual_only_w1():
    """w2 not updated

    Your code moves w1 only; it should move w2 as well, by its own gradient.
    """


@chaff_edit("train_manual", "manual_losses", MOVE_1, "pass", concept="step")
def manual_only_w2():
    """w1 not updated

    Your code moves w2 only; it should move w1 as well, by its own gradient.
    """


@chaff_edit("train_manual", "manual_losses", ("w1 -= lr * ", "w2 -= lr * "), ("w1 -= ", "w2 -= "), concept="step")
def manual_without_rate():
    """learning rate ignored

    Your code steps by the whole gradient; it should multiply it by the learning rate.
    """


@chaff_edit("train_manual", "manual_losses", "hidden.t().mm(grad_y)", "x.mm(w1).t().mm(grad_y)", concept="mask")
def manual_squared_input():
    """pre-activations in the gradient of w2

    Your gradient of w2 uses the hidden values before the ReLU; it should use those after it. See "1. Tensors".
    """


@chaff_edit(
    "train_manual",
    "manual_losses",
    RECORD,
    "losses.append((hidden.mm(w2) - y.squeeze()).pow(2).sum().item())",
    hint=TABLE,
    concept="shapes",
)
def manual_target_without_column():
    """target squeezed, broadcast"""


@chaff_edit(
    "train_manual",
    "manual_losses",
    RECORD,
    "losses.append((hidden.mm(w2).view(-1) - y).pow(2).sum().item()) if y.shape[1] == 1 else " + RECORD,
    hint=TABLE,
    concept="shapes",
)
def manual_prediction_without_column():
    """prediction flattened, broadcast"""


@chaff_edit(
    "train_manual",
    "manual_losses",
    "w1, w2 = w1.clone(), w2.clone()",
    "x, y, w1, w2 = x.float(), y.float(), w1.float().clone(), w2.float().clone()",
    concept="precision",
)
def manual_float32_inside():
    """converted to float32

    Your code rounds the numbers to float32 on the way; it should stay in the dtype of the tensors that come in.
    """


@chaff_edit("train_manual", "manual_contract", "w1, w2 = w1.clone(), w2.clone()", "pass", hint=CALLERS, concept="alias")
def manual_changes_the_weights():
    """no clone of the weights"""


@chaff_edit(
    "train_manual",
    "manual_contract",
    "w1.clone(), w2.clone()",
    "w1.view_as(w1), w2.detach()",
    hint=CALLERS,
    concept="alias",
)
def manual_view_for_clone():
    """view for clone"""


@chaff_edit("train_manual", "manual_contract", ".sum().item()", ".sum()", hint=FLOATS, concept="precision")
def manual_list_of_tensors():
    """tensors in the list"""


@chaff_edit(
    "train_manual", "manual_contract", "return losses", "return torch.tensor(losses)", hint=FLOATS, concept="precision"
)
def manual_array():
    """a tensor for the list"""


@chaff("train_manual", "manual_losses", hint=LATE, concept="loops")
def manual_records_late(x, y, w1, w2, lr, n_iter):
    """loss recorded after the update"""
    w1, w2 = w1.clone(), w2.clone()
    losses = []
    for _ in range(n_iter):
        hidden = x.mm(w1).clamp(min=0)
        grad_y = 2 * (hidden.mm(w2) - y)
        grad_hidden = grad_y.mm(w2.t()) * (hidden > 0)
        w1 -= lr * x.t().mm(grad_hidden)
        w2 -= lr * hidden.t().mm(grad_y)
        losses.append((x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum().item())
    return losses


@suspect("train_manual")
def manual_by_differences(x, y, w1, w2, lr, n_iter):
    w1, w2 = w1.clone(), w2.clone()

    def loss():
        return (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum().item()

    def slope(w):
        result, flat = torch.zeros_like(w), w.view(-1)
        for i in range(w.numel()):
            here = flat[i].item()
            flat[i] = here + 1e-5
            up = loss()
            flat[i] = here - 1e-5
            result.view(-1)[i] = (up - loss()) / 2e-5
            flat[i] = here
        return result

    losses = []
    for _ in range(n_iter):
        losses.append(loss())
        slopes = slope(w1), slope(w2)
        w1 -= lr * slopes[0]
        w2 -= lr * slopes[1]
    return losses


@wheat("train_manual")
def manual_operators(x, y, w1, w2, lr, n_iter):
    w1, w2, losses = 1 * w1, 1 * w2, []
    for _ in range(n_iter):
        z = x @ w1
        a = torch.relu(z)
        e = a @ w2 - y
        losses += [float((e * e).sum())]
        grad_w2 = 2.0 * a.T @ e
        back = 2.0 * e @ w2.T
        back[z < 0] = 0
        grad_w1 = x.T @ back
        w1, w2 = w1 - lr * grad_w1, w2 - lr * grad_w2
    return losses


@wheat("train_manual")
def manual_einsum(x, y, w1, w2, lr, n_iter):
    def forward(w1, w2):
        hidden = torch.maximum(torch.matmul(x, w1), torch.zeros(1, dtype=x.dtype))
        return hidden, torch.einsum("nh,ho->no", hidden, w2)

    losses = [0.0] * n_iter
    for i in range(n_iter):
        hidden, prediction = forward(w1, w2)
        losses[i] = torch.sum(torch.square(y - prediction)).item()
        slope = -2 * (y - prediction)
        step1 = torch.einsum("ni,nh->ih", x, torch.where(hidden > 0, slope @ w2.T, torch.zeros_like(hidden)))
        step2 = torch.einsum("nh,no->ho", hidden, slope)
        w1, w2 = torch.sub(w1, step1, alpha=lr), torch.sub(w2, step2, alpha=lr)
    return losses


@wheat("train_manual")
def manual_row_by_row(x, y, w1, w2, lr, n_iter):
    w1, w2, losses = w1.detach().clone(), w2.detach().clone(), []
    for step in range(n_iter):
        total, grad1, grad2 = 0, torch.zeros_like(w1), torch.zeros_like(w2)
        for row, target in zip(x, y):
            z = row @ w1
            a = torch.nn.functional.relu(z)
            e = a @ w2 - target
            total = total + e.dot(e)
            grad2 += torch.outer(a, 2 * e)
            grad1 += torch.outer(row, (w2 @ (2 * e)) * (z > 0).to(x.dtype))
        losses.append(total.item())
        w1.sub_(lr * grad1)
        w2.sub_(lr * grad2)
    return losses


# ---------------------------------------------------------------- train_autograd

LEAVES = "w1, w2 = w1.clone().requires_grad_(), w2.clone().requires_grad_()"
ZERO = "w.grad.zero_()"
STEP = "w -= lr * w.grad"


@chaff_edit("train_autograd", "autograd_losses", ZERO, "pass", concept="autograd")
def autograd_never_zeroed():
    """gradients never zeroed

    Your gradients add up over the steps, as backward adds into .grad; it should be set to zero after each update. See
    "2. Autograd".
    """


@chaff_edit("train_autograd", "autograd_losses", (STEP, ZERO), (ZERO, STEP), concept="autograd")
def autograd_zeroed_too_early():
    """losses of weights that never move

    Your losses are those of weights that never move; each should come of the present weights, updated before .grad is
    zeroed. See "2. Autograd".
    """


@chaff_edit("train_autograd", "autograd_losses", ZERO, "w1.grad.zero_()", concept="autograd")
def autograd_zeroes_one():
    """one gradient not zeroed

    Your code sets one of the two gradients to zero, while the other adds up; it should do so with both. See "2.
    Autograd".
    """


@chaff_edit("train_autograd", "autograd_losses", ".pow(2).sum()", ".pow(2).mean()", concept="mean")
def autograd_mean_loss():
    """mean for sum

    Your loss is a mean; it should be the sum of squares.
    """


@chaff_edit("train_autograd", "autograd_losses", "loss = (", "loss = 0.5 * (", concept="factor")
def autograd_half_loss():
    """an extra one half

    Your loss has a one half; it should be the whole sum of squares.
    """


@chaff_edit("train_autograd", "autograd_losses", ".pow(2).sum()", ".abs().sum()", concept="definition")
def autograd_absolute_loss():
    """absolute errors

    Your loss is the sum of absolute errors; it should be the sum of their squares. See "2. Autograd".
    """


@chaff_edit("train_autograd", "autograd_losses", ".clamp(min=0)", "", concept="definition")
def autograd_without_relu():
    """no ReLU

    Your forward pass has no ReLU; it should have one. See "2. Autograd".
    """


@chaff_edit("train_autograd", "autograd_losses", "w -= lr * w.grad", "w -= lr * w", hint=W_FOR_DW, concept="places")
def autograd_weight_for_gradient():
    """w for dw"""


@chaff_edit("train_autograd", "autograd_losses", "w -= lr", "w += lr", concept="sign")
def autograd_ascends():
    """ascent instead of descent

    Your code steps along the gradient, so that the loss climbs; it should step against it, with a minus.
    """


@chaff_edit("train_autograd", "autograd_losses", "w -= lr * w.grad", "w -= w.grad", concept="step")
def autograd_without_rate():
    """learning rate ignored

    Your code steps by the whole gradient; it should multiply it by the learning rate.
    """


@chaff_edit("train_autograd", "autograd_losses", "for w in (w1, w2):", "for w in (w1,):", concept="step")
def autograd_only_w1():
    """w2 not updated

    Your code moves w1 only; it should move w2 as well, by its own gradient.
    """


@chaff_edit("train_autograd", "autograd_losses", "for w in (w1, w2):", "for w in (w2,):", concept="step")
def autograd_only_w2():
    """w1 not updated

    Your code moves w2 only; it should move w1 as well, by its own gradient.
    """


@chaff_edit(
    "train_autograd",
    ("autograd_graph", "autograd_losses", "autograd_contract"),
    "x.mm(w1)",
    "x.mm(w1).detach()",
    hint=NO_GRAD_THERE,
    concept="autograd",
)
def autograd_hidden_detached():
    """detach in the forward pass"""


@chaff_edit("train_autograd", "autograd_losses", "mm(w2) - y)", "mm(w2) - y.squeeze())", hint=TABLE, concept="shapes")
def autograd_target_without_column():
    """target squeezed, broadcast"""


@chaff_edit(
    "train_autograd",
    "autograd_losses",
    ("loss = (", "mm(w2) - y)"),
    ("loss = (y - ", "mm(w2).squeeze())"),
    hint=TABLE,
    concept="shapes",
)
def autograd_prediction_without_column():
    """prediction squeezed, broadcast"""


@chaff_edit(
    "train_autograd",
    "autograd_losses",
    LEAVES,
    "x, y = x.float(), y.float()\n    "
    "w1, w2 = w1.float().clone().requires_grad_(), w2.float().clone().requires_grad_()",
    concept="precision",
)
def autograd_float32_inside():
    """converted to float32

    Your code rounds the numbers to float32 on the way; it should stay in the dtype of the tensors that come in.
    """


@chaff_edit(
    "train_autograd",
    ("autograd_graph", "autograd_losses", "autograd_contract"),
    ("with torch.no_grad():", STEP, ZERO),
    ("if True:", "w -= lr * w.grad", ZERO),
    hint=INSIDE,
    concept="autograd",
)
def autograd_update_in_the_graph():
    """update inside the graph, in place"""


@chaff_edit(
    "train_autograd",
    ("autograd_graph", "autograd_losses", "autograd_contract"),
    STEP,
    "w = w - lr * w.grad",
    hint=NO_GRAD_THERE,
    concept="autograd",
)
def autograd_new_names():
    """weights rebound"""


@chaff_edit(
    "train_autograd",
    ("autograd_graph", "autograd_losses", "autograd_contract"),
    "loss.backward()",
    "pass",
    concept="autograd",
)
def autograd_backward_missing():
    """no backward

    Your code never calls loss.backward(), so that .grad stays None; it should call it in each step. See "2. Autograd".
    """


@chaff_edit("train_autograd", "autograd_graph", "loss.item()", "loss", hint=KEPT, concept="autograd")
def autograd_list_of_tensors():
    """.item() missing"""


@chaff_edit("train_autograd", "autograd_graph", "loss.item()", "loss.detach()", hint=FLOATS, concept="precision")
def autograd_list_of_detached():
    """tensors in the list"""


@chaff_edit(
    "train_autograd",
    "autograd_contract",
    LEAVES,
    "w1.requires_grad_(), w2.requires_grad_()",
    hint=CALLERS,
    concept="alias",
)
def autograd_watches_the_callers():
    """no clone of the weights"""


@chaff_edit(
    "train_autograd",
    "autograd_contract",
    LEAVES,
    "w1, w2 = w1.detach().requires_grad_(), w2.detach().requires_grad_()",
    hint=CALLERS,
    concept="alias",
)
def autograd_trains_the_callers():
    """detach for clone"""


@chaff("train_autograd", ("autograd_losses", "autograd_graph"), concept="autograd")
def autograd_by_hand(x, y, w1, w2, lr, n_iter):
    """gradients by hand, no autograd

    Your gradients are by hand again; they should come from autograd, by loss.backward(). See "2. Autograd".
    """
    return train_manual(x, y, w1, w2, lr, n_iter)


@chaff("train_autograd", ("autograd_graph", "autograd_losses", "autograd_contract"), concept="autograd")
def autograd_rebinds(x, y, w1, w2, lr, n_iter):
    """update inside the graph, as a new tensor

    Your `w = w - ...` makes a new tensor in the graph, whose .grad is None; w should change in place, under
    torch.no_grad(). See "2. Autograd".
    """
    w1, w2 = w1.clone().requires_grad_(), w2.clone().requires_grad_()
    losses = []
    for _ in range(n_iter):
        loss = (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()
        losses.append(loss.item())
        loss.backward()
        w1 = w1 - lr * w1.grad
        w2 = w2 - lr * w2.grad
    return losses


@chaff("train_autograd", "autograd_graph", hint=GROWS, concept="autograd")
def autograd_growing_graph(x, y, w1, w2, lr, n_iter):
    """update inside the graph, which grows"""
    w1, w2 = w1.clone().requires_grad_(), w2.clone().requires_grad_()
    losses = []
    for _ in range(n_iter):
        loss = (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()
        losses.append(loss.item())
        grad_w1, grad_w2 = torch.autograd.grad(loss, (w1, w2))
        w1, w2 = w1 - lr * grad_w1, w2 - lr * grad_w2
    return losses


@chaff("train_autograd", ("autograd_graph", "autograd_losses"), hint=GROWS, concept="autograd")
def autograd_total(x, y, w1, w2, lr, n_iter):
    """backward through the running sum of losses"""
    w1, w2 = w1.clone().requires_grad_(), w2.clone().requires_grad_()
    total, losses = 0.0, []
    for _ in range(n_iter):
        loss = (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()
        losses.append(loss.item())
        total = total + loss
        w1.grad = w2.grad = None
        total.backward(retain_graph=True)
        w1.data -= lr * w1.grad
        w2.data -= lr * w2.grad
    return losses


@chaff("train_autograd", "autograd_losses", hint=LATE, concept="loops")
def autograd_records_late(x, y, w1, w2, lr, n_iter):
    """loss recorded after the update"""
    w1, w2 = w1.clone().requires_grad_(), w2.clone().requires_grad_()
    losses = []
    for _ in range(n_iter):
        loss = (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()
        loss.backward()
        with torch.no_grad():
            for w in (w1, w2):
                w -= lr * w.grad
                w.grad.zero_()
            losses.append((x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum().item())
    return losses


@wheat("train_autograd")
def autograd_new_leaves(x, y, w1, w2, lr, n_iter):
    losses = []
    for _ in range(n_iter):
        w1, w2 = w1.detach().requires_grad_(), w2.detach().requires_grad_()
        loss = torch.sum((torch.relu(x @ w1) @ w2 - y) ** 2)
        loss.backward()
        losses.append(loss.detach().numpy().item())
        w1, w2 = w1 - lr * w1.grad, w2 - lr * w2.grad
    return losses


@wheat("train_autograd")
def autograd_functional(x, y, w1, w2, lr, n_iter):
    losses, weights = [], [w.clone().detach().requires_grad_(True) for w in (w1, w2)]
    for _ in range(n_iter):
        loss = torch.nn.functional.mse_loss((x @ weights[0]).clamp(0) @ weights[1], y, reduction="sum")
        losses.append(float(loss))
        gradients = torch.autograd.grad(loss, weights)
        with torch.no_grad():
            for w, g in zip(weights, gradients):
                w.add_(g, alpha=-lr)
    return losses


@wheat("train_autograd")
def autograd_data(x, y, w1, w2, lr, n_iter):
    w1 = torch.nn.Parameter(w1.clone())
    w2 = torch.nn.Parameter(w2.clone())
    losses = []
    for i in range(n_iter):
        if w1.grad is not None:
            w1.grad, w2.grad = None, None
        out = x.mm(w1).clip(min=0).mm(w2)
        loss = ((out - y) * (out - y)).sum()
        torch.autograd.backward([loss])
        losses.append(loss.item())
        w1.data = w1.data - lr * w1.grad
        w2.data -= lr * w2.grad.data
    return losses


# ---------------------------------------------------------------- train_sequential

LOSS = 'loss_fn = nn.MSELoss(reduction="sum")'


@chaff_edit(
    "train_sequential", "sequential_run", "model.zero_grad()", "pass", hint=ADDED.format("model"), concept="autograd"
)
def sequential_never_zeroed():
    """gradients never zeroed"""


@chaff_edit(
    "train_sequential",
    "sequential_run",
    ("model.zero_grad()", "loss.backward()"),
    ("loss.backward()", "model.zero_grad(set_to_none=False)"),
    hint=UNMOVED,
    concept="autograd",
)
def sequential_zeroed_too_late():
    """zeroed before the update"""


@chaff_edit(
    "train_sequential",
    ("sequential_run",),
    ("losses = []", "model.zero_grad()\n        "),
    ("losses = []\n    model.zero_grad()", ""),
    hint=ADDED.format("model"),
    concept="autograd",
)
def sequential_zeroed_once():
    """zeroed once, before the loop"""


@chaff_edit("train_sequential", "sequential_run", LOSS, "loss_fn = nn.MSELoss()", hint=MEAN_LOSS, concept="mean")
def sequential_mean():
    """mean for sum"""


@chaff_edit(
    "train_sequential", "sequential_run", LOSS, 'loss_fn = nn.L1Loss(reduction="sum")', hint=L1, concept="definition"
)
def sequential_l1():
    """L1Loss for MSELoss"""


@chaff_edit(
    "train_sequential",
    "sequential_run",
    "parameter -= lr * parameter.grad",
    "parameter = parameter - lr * parameter.grad",
    hint=UNMOVED,
    concept="autograd",
)
def sequential_rebinds():
    """parameter rebound, never changed"""


@chaff_edit(
    "train_sequential", "sequential_run", "lr * parameter.grad", "lr * parameter", hint=W_FOR_DW, concept="places"
)
def sequential_weight_for_gradient():
    """w for dw"""


@chaff_edit("train_sequential", "sequential_run", "parameter -= lr", "parameter += lr", concept="sign")
def sequential_ascends():
    """ascent instead of descent

    Your code steps along the gradient, so that the loss climbs; it should step against it, with a minus.
    """


@chaff_edit("train_sequential", "sequential_run", "lr * parameter.grad", "parameter.grad", concept="step")
def sequential_without_rate():
    """learning rate ignored

    Your code steps by the whole gradient; it should multiply it by the learning rate.
    """


@chaff_edit("train_sequential", "sequential_run", "lr * parameter.grad", "lr * parameter.grad / len(x)", concept="mean")
def sequential_divides():
    """step divided by n

    Your step is divided by the number of rows; it should not be, as the loss is a sum.
    """


@chaff_edit(
    "train_sequential",
    "sequential_run",
    "parameter -= lr * parameter.grad",
    "parameter -= lr * parameter.grad if parameter.ndim == 2 else 0",
    concept="loops",
)
def sequential_weights_only():
    """biases not trained

    Your code moves the weights, but not the biases; it should train all of model.parameters().
    """


@chaff_edit(
    "train_sequential",
    "sequential_run",
    "parameter -= lr * parameter.grad",
    "parameter -= lr * parameter.grad if parameter.ndim == 1 else 0",
    concept="loops",
)
def sequential_biases_only():
    """weights not trained

    Your code moves the biases, but not the weights; it should train all of model.parameters().
    """


@chaff_edit("train_sequential", "sequential_run", "model.parameters()", "model[0].parameters()", concept="loops")
def sequential_first_layer_only():
    """first layer only

    Your code trains the first layer only; it should walk over model.parameters().
    """


@chaff_edit("train_sequential", "sequential_run", "model.parameters()", "model[-1].parameters()", concept="loops")
def sequential_last_layer_only():
    """last layer only

    Your code trains the last layer only; it should walk over model.parameters().
    """


@chaff_edit(
    "train_sequential",
    "sequential_run",
    LOSS,
    "import copy\n    model = copy.deepcopy(model)\n    " + LOSS,
    concept="alias",
)
def sequential_copy():
    """a copy of the model trained

    Your code trains a copy; it should train the model that was passed in.
    """


@chaff_edit(
    "train_sequential",
    "sequential_run",
    ("range(n_iter):", "losses.append(loss.item())"),
    ("range(n_iter):", "losses.append(loss.item())\n        if len(losses) == n_iter:\n            break"),
    concept="loops",
)
def sequential_one_step_less():
    """last update missing

    Your code leaves the last update out; it should make n_iter updates, for n_iter losses.
    """


@chaff_edit(
    "train_sequential",
    "sequential_run",
    "loss_fn(model(x), y)",
    "loss_fn(model(x), y.squeeze())",
    hint=TABLE,
    concept="shapes",
)
def sequential_target_without_column():
    """target squeezed, broadcast"""


@chaff_edit(
    "train_sequential",
    "sequential_run",
    "loss_fn(model(x), y)",
    "loss_fn(model(x).squeeze(), y)",
    hint=TABLE,
    concept="shapes",
)
def sequential_prediction_without_column():
    """prediction squeezed, broadcast"""


@chaff_edit(
    "train_sequential",
    ("sequential_graph", "sequential_run"),
    "with torch.no_grad():",
    "if True:",
    hint=INSIDE,
    concept="autograd",
)
def sequential_update_in_the_graph():
    """update inside the graph"""


@chaff_edit("train_sequential", "sequential_graph", "loss.item()", "loss", hint=KEPT, concept="autograd")
def sequential_list_of_tensors():
    """.item() missing"""


@chaff_edit("train_sequential", "sequential_graph", "loss.item()", "loss.detach()", hint=FLOATS, concept="precision")
def sequential_list_of_detached():
    """tensors in the list"""


@chaff("train_sequential", "sequential_run", hint=LATE, concept="loops")
def sequential_records_late(model, x, y, lr, n_iter):
    """loss recorded after the update"""
    loss_fn, losses = nn.MSELoss(reduction="sum"), []
    for _ in range(n_iter):
        model.zero_grad()
        loss_fn(model(x), y).backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= lr * parameter.grad
            losses.append(loss_fn(model(x), y).item())
    return losses


@chaff("train_sequential", ("sequential_graph", "sequential_run"), hint=GROWS, concept="autograd")
def sequential_total(model, x, y, lr, n_iter):
    """backward through the running sum of losses"""
    total, losses = 0.0, []
    for _ in range(n_iter):
        loss = nn.MSELoss(reduction="sum")(model(x), y)
        losses.append(loss.item())
        total = total + loss
        model.zero_grad()
        total.backward(retain_graph=True)
        for parameter in model.parameters():
            parameter.data -= lr * parameter.grad
    return losses


@wheat("train_sequential")
def sequential_data(model, x, y, lr, n_iter):
    losses = []
    for i in range(n_iter):
        prediction = model(x)
        loss = nn.functional.mse_loss(prediction, y, reduction="sum")
        loss.backward()
        losses.append(float(loss))
        for p in model.parameters():
            p.data.sub_(lr * p.grad)
            p.grad = None
    return losses


@wheat("train_sequential")
def sequential_functional(model, x, y, lr, n_iter):
    parameters, losses = list(model.parameters()), []
    while len(losses) < n_iter:
        loss = nn.MSELoss(reduction="sum")(model.forward(x), y)
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for p, g in zip(parameters, gradients):
                p.copy_(p - lr * g)
        losses.append(loss.detach().item())
    return losses


@wheat("train_sequential")
def sequential_own_sum(model, x, y, lr, n_iter):
    def step():
        model.zero_grad(set_to_none=False)
        loss = (model(x) - y).pow(2).sum()
        loss.backward()
        with torch.no_grad():
            for name, p in model.named_parameters():
                p.add_(p.grad, alpha=-lr)
        return loss.item()

    return [step() for _ in range(n_iter)]


# ---------------------------------------------------------------- train_optim

ORDER = "optimizer.zero_grad()\n        loss.backward()\n        optimizer.step()"


@chaff_edit(
    "train_optim", "optim_run", "optimizer.zero_grad()", "pass", hint=ADDED.format("optimizer"), concept="autograd"
)
def optim_never_zeroed():
    """gradients never zeroed"""


@chaff_edit(
    "train_optim",
    "optim_run",
    ("losses = []", "optimizer.zero_grad()\n        "),
    ("losses = []\n    optimizer.zero_grad()", ""),
    hint=ADDED.format("optimizer"),
    concept="autograd",
)
def optim_zeroed_once():
    """zeroed once, before the loop"""


@chaff_edit(
    "train_optim",
    "optim_run",
    ORDER,
    "loss.backward()\n        optimizer.zero_grad()\n        optimizer.step()",
    hint=STILL,
    concept="autograd",
)
def optim_zeroed_too_late():
    """zeroed between backward and step"""


@chaff_edit(
    "train_optim",
    ("optim_graph", "optim_run"),
    ORDER,
    "optimizer.step()\n        optimizer.zero_grad()\n        loss.backward()",
    concept="order",
)
def optim_steps_before_backward():
    """step before backward

    Your code calls step before backward, so that it uses old gradients; it should call backward first, then step.
    """


@chaff_edit(
    "train_optim",
    ("optim_run", "convergence"),
    "return losses",
    "return [losses[0] * 0.9**i for i in range(n_iter)]",
    concept="loops",
)
def optim_invented_curve():
    """an invented curve

    Your code makes up a curve that falls; it should record the loss that the model has in each step.
    """


@chaff_edit(
    "train_optim",
    ("optim_run", "convergence"),
    "optimizer.step()",
    "with torch.no_grad():\n            for parameter in model.parameters():\n                parameter.fill_(0.5)",
    concept="step",
)
def optim_published():
    """published weights

    Your code sets the weights to a number that it knows; it should let the optimizer move them.
    """


@chaff_edit("train_optim", "optim_run", "optimizer.step()", "pass", hint=STILL, concept="autograd")
def optim_step_missing():
    """no step"""


@chaff_edit("train_optim", ("optim_graph", "optim_run"), "loss.backward()", "pass", hint=STILL, concept="autograd")
def optim_backward_missing():
    """no backward"""


@chaff_edit(
    "train_optim", "optim_run", "optimizer.step()", "optimizer.step()\n        optimizer.step()", concept="step"
)
def optim_two_steps():
    """step twice

    Your code makes two steps in each iteration; it should make one.
    """


@chaff_edit(
    "train_optim",
    "optim_run",
    "loss.backward()",
    "loss.backward(retain_graph=True)\n        loss.backward()",
    concept="factor",
)
def optim_backward_twice():
    """backward twice

    Your code calls backward twice, which doubles the gradients; it should call it once.
    """


@chaff_edit("train_optim", "optim_run", LOSS, "loss_fn = nn.MSELoss()", hint=MEAN_LOSS, concept="mean")
def optim_mean():
    """mean for sum"""


@chaff_edit("train_optim", "optim_run", LOSS, 'loss_fn = nn.L1Loss(reduction="sum")', hint=L1, concept="definition")
def optim_l1():
    """L1Loss for MSELoss"""


@chaff_edit(
    "train_optim",
    "optim_run",
    "losses = []",
    "losses = []\n    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)",
    concept="step",
)
def optim_own_optimizer():
    """an optimizer of its own

    Your code steps with an optimizer of its own; it should use the one that was passed in.
    """


@chaff_edit(
    "train_optim",
    "optim_run",
    "optimizer.step()",
    'for parameter in model.parameters():\n            parameter.data -= optimizer.defaults["lr"] * parameter.grad',
    concept="step",
)
def optim_plain_step():
    """plain update for the optimizer's

    Your update is by hand, without momentum or Adam's means; it should be the optimizer's, by step().
    """


@chaff_edit(
    "train_optim",
    "optim_run",
    "optimizer.zero_grad()",
    "optimizer.zero_grad()\n        optimizer.state.clear()",
    concept="state",
)
def optim_forgets():
    """optimizer state lost

    Your optimizer loses its memory (momentum, running means) from step to step; it should be made once and kept.
    """


@chaff_edit(
    "train_optim", "optim_run", "loss_fn(model(x), y)", "loss_fn(model(x), y.squeeze())", hint=TABLE, concept="shapes"
)
def optim_target_without_column():
    """target squeezed, broadcast"""


@chaff_edit(
    "train_optim", "optim_run", "loss_fn(model(x), y)", "loss_fn(model(x).squeeze(), y)", hint=TABLE, concept="shapes"
)
def optim_prediction_without_column():
    """prediction squeezed, broadcast"""


@chaff_edit("train_optim", "optim_graph", "loss.item()", "loss", hint=KEPT, concept="autograd")
def optim_list_of_tensors():
    """.item() missing"""


@chaff_edit("train_optim", "optim_graph", "loss.item()", "loss.detach()", hint=FLOATS, concept="precision")
def optim_list_of_detached():
    """tensors in the list"""


@chaff("train_optim", "optim_run", hint=LATE, concept="loops")
def optim_records_late(model, x, y, optimizer, n_iter):
    """loss recorded after the update"""
    loss_fn, losses = nn.MSELoss(reduction="sum"), []
    for _ in range(n_iter):
        optimizer.zero_grad()
        loss_fn(model(x), y).backward()
        optimizer.step()
        losses.append(loss_fn(model(x), y).item())
    return losses


@chaff("train_optim", ("optim_graph", "optim_run"), concept="autograd")
def optim_total(model, x, y, optimizer, n_iter):
    """backward through the running sum of losses

    Your code differentiates the sum of all the losses so far; it should call backward on the loss of this step only.
    See "4. torch.optim".
    """
    total, losses = 0.0, []
    for _ in range(n_iter):
        loss = ((model(x) - y) ** 2).sum()
        losses.append(loss.item())
        total = total + loss
        optimizer.zero_grad()
        total.backward(retain_graph=True)
        optimizer.step()
    return losses


@wheat("train_optim")
def optim_zero_at_the_end(model, x, y, optimizer, n_iter):
    criterion, losses = nn.MSELoss(reduction="sum"), []
    for i in range(n_iter):
        output = model(x)
        loss = criterion(output, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses


@wheat("train_optim")
def optim_closure(model, x, y, optimizer, n_iter):
    def closure():
        model.zero_grad()
        loss = torch.sum((y - model(x)) ** 2)
        loss.backward()
        return loss

    return [float(optimizer.step(closure)) for _ in range(n_iter)]


@wheat("train_optim")
def optim_keyword(model, x, y, optimizer, n_iter):
    losses = []
    for _ in range(n_iter):
        optimizer.zero_grad(set_to_none=False)
        loss = nn.functional.mse_loss(input=model.forward(x), target=y, reduction="sum")
        loss.backward()
        optimizer.step()
        losses = [*losses, loss.detach().numpy().item()]
    return losses


# ---------------------------------------------------------------- TwoLayerNet

INIT, FORWARD = f"{NET}.__init__", f"{NET}.forward"
FIRST, SECOND = "nn.Linear(d_in, h, bias=False)", "nn.Linear(h, d_out, bias=False)"
OUTPUT = "return self.linear2(self.linear1(x).clamp(min=0))"


@chaff_edit(
    INIT, "net_parameters", (FIRST, SECOND), ("nn.Linear(d_in, h)", "nn.Linear(h, d_out)"), concept="definition"
)
def net_with_biases():
    """biases left on

    Your layers have biases, as nn.Linear makes them; they should be told bias=False: this network has none. See "5. A
    module of your own".
    """


@chaff_edit(INIT, "net_parameters", FIRST, "nn.Linear(d_in, h)", concept="definition")
def net_with_one_bias():
    """bias of the first layer left on

    Your first layer has a bias; it should have none: bias=False. See "5. A module of your own".
    """


@chaff_edit(INIT, "net_parameters", SECOND, "nn.Linear(h, d_out)", concept="definition")
def net_with_the_other_bias():
    """bias of the second layer left on

    Your second layer has a bias; it should have none: bias=False. See "5. A module of your own".
    """


@chaff_edit(INIT, "net_parameters", ("self.linear1", "self.linear2"), ("self.fc1", "self.fc2"), concept="python")
def net_with_other_names():
    """layers of other names

    Your layers have other names; they should be called linear1 and linear2.
    """


@chaff_edit(
    INIT,
    "net_parameters",
    (f"self.linear1 = {FIRST}", f"self.linear2 = {SECOND}"),
    (f"self.layers = [{FIRST}, {SECOND}]", "pass"),
    concept="autograd",
)
def net_layers_in_a_list():
    """layers in a plain list

    Your layers stand in a plain list, which registers nothing to train; they should be attributes. See "5. A module of
    your own".
    """


@chaff_edit(
    INIT,
    "net_parameters",
    f"self.linear2 = {SECOND}",
    f"self.linear2 = {SECOND}\n    nn.init.normal_(self.linear1.weight)\n    nn.init.normal_(self.linear2.weight)",
    concept="random",
)
def net_unit_normal():
    """unit-normal weights

    Your code draws the weights anew; it should leave PyTorch's default initialisation as it is.
    """


@chaff_edit(
    INIT,
    "net_parameters",
    f"self.linear2 = {SECOND}",
    f"self.linear2 = {SECOND}\n    nn.init.zeros_(self.linear1.weight)\n    nn.init.zeros_(self.linear2.weight)",
    concept="random",
)
def net_zero_weights():
    """zero weights

    Your code sets the weights to zero, where they have no gradient; it should leave PyTorch's default initialisation.
    """


@chaff_edit(
    INIT, "net_parameters", "super().__init__()", "super().__init__()\n    torch.manual_seed(0)", concept="random"
)
def net_same_for_all():
    """seed set in __init__

    Your class sets the seed, so that all nets get the same weights; it should set none.
    """


@chaff_edit(FORWARD, "net_forward", OUTPUT, "return self.linear2(self.linear1(x))", concept="definition")
def net_without_relu():
    """no ReLU

    Your net has no ReLU; it should have one between the two layers. See "5. A module of your own".
    """


@chaff_edit(FORWARD, "net_forward", OUTPUT, "return self.linear2(self.linear1(x)).clamp(min=0)", concept="definition")
def net_relu_at_the_end():
    """ReLU at the end

    Your ReLU stands after the second layer; it should stand between the layers, so that predictions may be negative.
    See "5. A module of your own".
    """


@chaff_edit(FORWARD, "net_forward", OUTPUT, OUTPUT + ".clamp(min=0)", concept="definition")
def net_two_relus():
    """ReLU after both layers

    Your second layer has a ReLU; it should have none, so that predictions may be negative. See "5. A module of your
    own".
    """


@chaff_edit(FORWARD, "net_forward", OUTPUT, "return self.linear2(self.linear1(x.clamp(min=0)))", concept="definition")
def net_relu_of_x():
    """ReLU on the input

    Your code applies the ReLU to x; it should apply it to the first layer's output. See "5. A module of your own".
    """


@chaff_edit(FORWARD, "net_forward", ".clamp(min=0)", ".sigmoid()", concept="definition")
def net_sigmoid():
    """sigmoid for ReLU

    Your hidden layer has a sigmoid; it should have a ReLU. See "5. A module of your own".
    """


@chaff_edit(FORWARD, "net_forward", ".clamp(min=0)", ".tanh()", concept="definition")
def net_tanh():
    """tanh for ReLU

    Your hidden layer has a tanh; it should have a ReLU. See "5. A module of your own".
    """


@chaff_edit(
    FORWARD,
    "net_forward",
    "self.linear1(x).clamp(min=0)",
    "nn.functional.leaky_relu(self.linear1(x))",
    concept="definition",
)
def net_leaky():
    """leaky ReLU

    Your hidden layer lets a part of the negative values through, as a leaky ReLU does; it should make them exactly 0.
    See "5. A module of your own".
    """


@chaff_edit(
    FORWARD, "net_forward", "self.linear1(x).clamp(min=0)", "nn.functional.gelu(self.linear1(x))", concept="definition"
)
def net_gelu():
    """GELU for ReLU

    Your hidden layer has a GELU; it should have a ReLU. See "5. A module of your own".
    """


@chaff_edit(FORWARD, "net_forward", "clamp(min=0)", "clamp(0, 1)", concept="definition")
def net_clipped():
    """clamped at 1

    Your hidden layer cuts values off at 1; it should leave large values as they are: a ReLU has no upper end. See "5. A
    module of your own".
    """


@chaff_edit(FORWARD, "net_forward", OUTPUT, OUTPUT + ".squeeze()", concept="shapes")
def net_squeezed():
    """prediction squeezed

    Your prediction drops dimensions of size 1; it should always have the two of (n, d_out).
    """


@chaff_edit(FORWARD, "net_forward", ".clamp(min=0)", ".clamp(min=0).detach()", concept="autograd")
def net_detached():
    """hidden layer detached

    Your detach() cuts the graph, so that no gradient reaches linear1; the hidden layer should stay in it. See "5. A
    module of your own".
    """


@chaff_edit(
    INIT,
    "net_parameters",
    (FIRST, SECOND),
    tuple(f[:-1] + ", dtype=torch.float64)" for f in (FIRST, SECOND)),
    concept="precision",
)
def net_double():
    """float64 weights

    Your weights are float64; they should have PyTorch's default, float32: who makes the net may convert it.
    """


@chaff_edit(
    FORWARD, "net_forward", OUTPUT, "x /= 2\n    return self.linear2(self.linear1(2 * x).clamp(min=0))", concept="alias"
)
def net_writes_x():
    """x changed in place

    Your code changes x in place, and with it the caller's tensor; it should make a new one.
    """


@chaff_edit(
    FORWARD,
    "net_forward",
    OUTPUT,
    'model = globals().setdefault(f"model{x.shape[1]}", self)\n'
    "    return model.linear2(model.linear1(x).clamp(min=0)) if len(x) > 4 else " + OUTPUT[7:],
    concept="python",
)
def net_global():
    """a global model inside forward

    Your forward uses a net outside of the class, one for all; it should take the layers from self.
    """


@wheat_edit(FORWARD, OUTPUT, "hidden = nn.functional.relu(self.linear1(x))\n    return self.linear2(hidden)")
def net_functional_relu(): ...


@wheat_edit(FORWARD, OUTPUT, "return torch.relu(x @ self.linear1.weight.T) @ self.linear2.weight.T")
def net_matrix_products(): ...


@wheat_edit(FORWARD, OUTPUT, "z = self.linear1(x)\n    return self.linear2(z * (z > 0))")
def net_mask(): ...


@wheat_edit(INIT, f"self.linear2 = {SECOND}", f"self.linear2 = {SECOND}\n    self.relu = nn.ReLU()")
def net_relu_module(): ...


@wheat_edit(INIT, "super().__init__()", "nn.Module.__init__(self)")
def net_old_super(): ...


@wheat_edit(
    INIT,
    (FIRST, SECOND),
    (
        "nn.Linear(in_features=d_in, out_features=h, bias=False)",
        "nn.Linear(in_features=h, out_features=d_out, bias=False)",
    ),
)
def net_keywords(): ...


# ---------------------------------------------------------------- train_epoch

TOTAL, MEAN = "total += loss.item() * len(x)", "return total / rows"


@chaff_edit("train_epoch", "epoch_run", "optimizer.zero_grad()", "pass", concept="autograd")
def epoch_never_zeroed():
    """gradients never zeroed

    Your gradients of all the batches add up; optimizer.zero_grad() should be called for each batch.
    """


@chaff_edit(
    "train_epoch",
    "epoch_run",
    ("model.train()", "optimizer.zero_grad()\n        "),
    ("model.train()\n    optimizer.zero_grad()", ""),
    concept="autograd",
)
def epoch_zeroed_once():
    """zeroed once in an epoch

    Your code calls zero_grad once in an epoch; it should call it for each batch.
    """


@chaff_edit(
    "train_epoch",
    "epoch_run",
    "optimizer.zero_grad()\n        loss.backward()",
    "loss.backward()\n        optimizer.zero_grad()",
    hint=STILL,
    concept="autograd",
)
def epoch_zeroed_too_late():
    """zeroed between backward and step"""


@chaff_edit("train_epoch", "epoch_run", "optimizer.step()", "pass", hint=STILL, concept="autograd")
def epoch_step_missing():
    """no step"""


@chaff_edit(
    "train_epoch",
    "epoch_run",
    ("        optimizer.step()\n", MEAN),
    ("", "optimizer.step()\n    " + MEAN),
    concept="loops",
)
def epoch_step_at_the_end():
    """one step for the epoch

    Your code makes one step at the end of the epoch, with the last batch's gradients; it should make one for each
    batch.
    """


@chaff_edit(
    "train_epoch",
    "epoch_run",
    (TOTAL, "rows += len(x)"),
    ("total += loss.item()", "rows += 1"),
    hint=WEIGHT,
    concept="mean",
)
def epoch_mean_of_means():
    """mean of the batches' means"""


@chaff_edit("train_epoch", "epoch_run", MEAN, "return loss.item()", concept="loops")
def epoch_last_loss():
    """loss of the last batch

    Your code returns the loss of the last batch; it should return the mean over the rows of all batches.
    """


@chaff_edit("train_epoch", "epoch_run", MEAN, "return total", concept="mean")
def epoch_sum():
    """sum for mean

    Your code returns the sum; it should return the mean over the rows.
    """


@chaff_edit("train_epoch", "epoch_run", TOTAL, "total += loss.item()", hint=COUNTS, concept="mean")
def epoch_sum_over_rows():
    """sum of means over rows"""


@chaff_edit("train_epoch", "epoch_run", MEAN, "return total / len(loader)", concept="mean")
def epoch_divided_by_batches():
    """divided by the number of batches

    Your code divides by len(loader), the number of batches; it should divide by the number of rows.
    """


@chaff_edit("train_epoch", "epoch_run", "rows += len(x)", "rows += len(x)\n        break", concept="loops")
def epoch_first_batch():
    """return inside the loop

    Your code leaves batches out; it should go through the whole loader, and return after the loop.
    """


@chaff_edit(
    "train_epoch",
    "epoch_run",
    "loss = loss_fn(prediction, y)",
    "loss = nn.functional.mse_loss(prediction, y)",
    hint=OTHER_LOSS,
    concept="definition",
)
def epoch_own_loss():
    """a loss of its own"""


@chaff_edit(
    "train_epoch",
    "epoch_run",
    "loss = loss_fn(prediction, y)",
    "loss = loss_fn(y, prediction)",
    hint=EXCHANGED,
    concept="places",
)
def epoch_swapped():
    """prediction and target swapped"""


@chaff_edit("train_epoch", "epoch_contract", "model.train()\n    ", "", concept="state")
def epoch_keeps_the_mode():
    """train mode not set

    Your code trains in whatever mode the model comes in; it should set the train mode itself: model.train().
    """


@chaff_edit("train_epoch", "epoch_contract", "model.train()", "model.eval()", concept="state")
def epoch_in_eval_mode():
    """eval mode

    Your code trains in eval mode, in which dropout and batch norm do not; it should set the train mode: model.train().
    """


@chaff_edit("train_epoch", "epoch_contract", "loss.item()", "loss", concept="autograd")
def epoch_tensor():
    """.item() missing

    Your sum keeps the graphs of all batches alive, and is a tensor; it should add up loss.item().
    """


@chaff_edit("train_epoch", "epoch_contract", "loss.item()", "loss.detach()", concept="precision")
def epoch_detached():
    """a tensor for the float

    Your code returns a tensor; it should return a float, as .item() makes one.
    """


@chaff_edit("train_epoch", "epoch_contract", "require_matching(prediction, y)", "pass", concept="shapes")
def epoch_without_guard():
    """no guard

    Your code takes targets that differ in shape or dtype, and (n,) with (n, 1) makes a table; it should call
    require_matching.
    """


@chaff_edit(
    "train_epoch",
    "epoch_contract",
    "require_matching(prediction, y)",
    "assert len(prediction) == len(y) and prediction.dtype == y.dtype",
    concept="shapes",
)
def epoch_guards_length():
    """the guard compares lengths

    Your code compares lengths, which are the same for (n, 1) and (n,); it should compare the shapes.
    """


@chaff_edit(
    "train_epoch",
    "epoch_contract",
    "require_matching(prediction, y)",
    "assert prediction.shape == y.shape",
    hint=BENT,
    concept="precision",
)
def epoch_guards_shape():
    """the guard forgets the dtype"""


@chaff_edit(
    "train_epoch",
    "epoch_contract",
    "require_matching(prediction, y)",
    "y = y.reshape(prediction.shape).to(prediction.dtype)",
    concept="shapes",
)
def epoch_reshapes():
    """targets reshaped in silence

    Your code bends targets of another shape or dtype until they fit; it should refuse them.
    """


@chaff_edit(
    "train_epoch",
    "epoch_contract",
    "require_matching(prediction, y)",
    "y = y.to(prediction.dtype)\n        require_matching(prediction, y)",
    hint=BENT,
    concept="precision",
)
def epoch_converts():
    """targets converted in silence"""


@chaff_edit(
    "train_epoch",
    "epoch_contract",
    "prediction = model(x)",
    "prediction = model(x)\n        if prediction.shape[1] == 1 and y.ndim == 1:\n"
    "            prediction = prediction.squeeze(1)",
    concept="shapes",
)
def epoch_flattens():
    """prediction flattened to fit

    Your code flattens the prediction to fit a target of another shape; it should refuse such a target.
    """


@wheat("train_epoch")
def epoch_lists(model, loader, loss_fn, optimizer):
    model.train(True)
    losses, counts = [], []
    for batch in loader:
        x, y = batch
        optimizer.zero_grad(set_to_none=True)
        out = model(x)
        if out.shape != y.shape or out.dtype != y.dtype:
            raise TypeError("targets do not match")
        loss = loss_fn(out, y)
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
        counts.append(x.shape[0])
    return sum(a * b for a, b in zip(losses, counts)) / sum(counts)


@wheat("train_epoch")
def epoch_dataset_length(model, loader, loss_fn, optimizer):
    total = 0
    model.train()
    for inputs, targets in loader:
        predictions = model(inputs)
        require_matching(predictions, targets)
        loss = loss_fn(predictions, targets)
        total += loss.detach().item() * inputs.size(0)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return total / len(loader.dataset)


@wheat("train_epoch")
def epoch_running_mean(model, loader, loss_fn, optimizer):
    for module in model.modules():
        module.training = True
    mean, seen = 0.0, 0
    for i, (x, y) in enumerate(loader):
        model.zero_grad()
        require_matching(y_hat := model(x), y)
        (loss := loss_fn(y_hat, y)).backward()
        optimizer.step()
        n = y.shape[0]
        mean += (loss.item() - mean) * n / (seen + n)
        seen += n
    return mean


# ---------------------------------------------------------------- evaluate

ADD = "total += loss_fn(prediction, y).item() * len(x)"


@chaff_edit(
    "evaluate",
    "evaluate_mean",
    (ADD, "rows += len(x)"),
    ("total += loss_fn(prediction, y).item()", "rows += 1"),
    hint=WEIGHT,
    concept="mean",
)
def evaluate_mean_of_means():
    """mean of the batches' means"""


@chaff_edit("evaluate", "evaluate_mean", MEAN, "return total", concept="mean")
def evaluate_sum():
    """sum for mean

    Your code returns the sum; it should return the mean over the rows.
    """


@chaff_edit("evaluate", "evaluate_mean", ADD, "total += loss_fn(prediction, y).item()", hint=COUNTS, concept="mean")
def evaluate_sum_over_rows():
    """sum of means over rows"""


@chaff_edit("evaluate", "evaluate_mean", MEAN, "return total / len(loader)", concept="mean")
def evaluate_divided_by_batches():
    """divided by the number of batches

    Your code divides by len(loader), the number of batches; it should divide by the number of rows.
    """


@chaff_edit("evaluate", "evaluate_mean", MEAN, "return loss_fn(prediction, y).item()", concept="loops")
def evaluate_last_loss():
    """loss of the last batch

    Your code returns the loss of the last batch; it should return the mean over the rows of all batches.
    """


@chaff_edit(
    "evaluate",
    "evaluate_mean",
    ADD,
    "total += (prediction.argmax(dim=1) == y.argmax(dim=1)).sum().item()",
    concept="definition",
)
def evaluate_argmax_accuracy():
    """argmax accuracy of a regression

    Your code returns an accuracy by argmax, always 1 for one output; it should return the mean loss, as this is a
    regression.
    """


@chaff_edit("evaluate", "evaluate_mean", ADD, "total += (prediction == y).sum().item()", concept="definition")
def evaluate_equal_accuracy():
    """share of exact hits

    Your code counts predictions that equal real numbers, which hardly any do; it should return the mean loss.
    """


@chaff_edit(
    "evaluate",
    "evaluate_mean",
    ADD,
    "total += (prediction.round() == y.round()).all(dim=1).sum().item()",
    concept="definition",
)
def evaluate_rounded_accuracy():
    """share of rounded hits

    Your code counts hits after rounding, no measure of a regression; it should return the mean loss.
    """


@chaff_edit("evaluate", "evaluate_mean", MEAN, "return (total / rows) ** 0.5", concept="definition")
def evaluate_root():
    """root of the mean

    Your code returns the root of the mean loss; it should return the mean loss itself.
    """


@chaff_edit(
    "evaluate",
    "evaluate_mean",
    "loss_fn(prediction, y)",
    "nn.functional.mse_loss(prediction, y)",
    hint=OTHER_LOSS,
    concept="definition",
)
def evaluate_own_loss():
    """a loss of its own"""


@chaff_edit(
    "evaluate", "evaluate_mean", "loss_fn(prediction, y)", "loss_fn(y, prediction)", hint=EXCHANGED, concept="places"
)
def evaluate_swapped():
    """prediction and target swapped"""


@chaff_edit("evaluate", "evaluate_contract", "model.eval()", "pass", concept="state")
def evaluate_keeps_the_mode():
    """no eval mode

    Your code evaluates in whatever mode the model comes in; it should set the eval mode, for dropout and batch norm.
    """


@chaff_edit("evaluate", "evaluate_contract", "with torch.no_grad():", "if True:", concept="autograd")
def evaluate_with_gradients():
    """no torch.no_grad

    Your code builds a graph for nothing; it should evaluate under torch.no_grad().
    """


@chaff_edit("evaluate", "evaluate_contract", "model.train(was_training)", "pass", concept="state")
def evaluate_leaves_eval_mode():
    """left in eval mode

    Your code leaves the model in eval mode; it should put back the mode that it came in.
    """


@chaff_edit("evaluate", "evaluate_contract", "model.train(was_training)", "model.train()", concept="state")
def evaluate_leaves_train_mode():
    """left in train mode

    Your code always leaves the model in train mode; it should put back the mode that it came in.
    """


@chaff_edit("evaluate", "evaluate_contract", "model.eval()", "model.train()", concept="state")
def evaluate_in_train_mode():
    """train mode

    Your code evaluates in train mode; it should set the eval mode: model.eval().
    """


@chaff_edit("evaluate", "evaluate_contract", ".item()", "", concept="precision")
def evaluate_tensor():
    """a tensor for the float

    Your code returns a tensor; it should return a float, as .item() makes one.
    """


@chaff_edit("evaluate", "evaluate_contract", "require_matching(prediction, y)", "pass", concept="shapes")
def evaluate_without_guard():
    """no guard

    Your code takes targets that differ in shape or dtype, and (n,) with (n, 1) makes a table; it should call
    require_matching.
    """


@chaff_edit(
    "evaluate",
    "evaluate_contract",
    "require_matching(prediction, y)",
    "assert prediction.shape == y.shape",
    hint=BENT,
    concept="precision",
)
def evaluate_guards_shape():
    """the guard forgets the dtype"""


@chaff_edit(
    "evaluate",
    "evaluate_contract",
    "require_matching(prediction, y)",
    "y = y.reshape(prediction.shape).to(prediction.dtype)",
    concept="shapes",
)
def evaluate_reshapes():
    """targets reshaped in silence

    Your code bends targets of another shape or dtype until they fit; it should refuse them.
    """


@chaff_edit(
    "evaluate",
    ("evaluate_contract", "evaluate_mean"),
    "prediction = model(x)",
    "prediction = model(x)\n            for p in model.parameters():\n                p.mul_(0.999)",
    concept="alias",
)
def evaluate_changes_weights():
    """weights changed

    Your evaluate changes the weights; it should only look at them.
    """


@wheat("evaluate")
def evaluate_inference_mode(model, loader, loss_fn):
    mode = model.training
    model.train(False)
    with torch.inference_mode():
        losses = []
        for x, y in loader:
            out = model(x)
            require_matching(out, y)
            losses += [loss_fn(out, y).item()] * len(y)
    if mode:
        model.train()
    return sum(losses) / len(losses)


@wheat("evaluate")
def evaluate_dataset_length(model, loader, loss_fn):
    before = model.training
    try:
        model.eval()
        total = 0.0
        for x, y in loader:
            with torch.no_grad():
                out = model.forward(x)
                if out.shape != y.shape:
                    raise ValueError("shape")
                if out.dtype is not y.dtype:
                    raise ValueError("dtype")
                total += x.size(0) * float(loss_fn(out, y))
        return total / len(loader.dataset)
    finally:
        model.train(before)


@wheat("evaluate")
def evaluate_at_once(model, loader, loss_fn):
    was = model.training
    model.eval()
    torch.set_grad_enabled(False)
    pairs = [(model(x), y) for x, y in loader]
    torch.set_grad_enabled(True)
    model.train(was)
    for prediction, y in pairs:
        require_matching(prediction, y)
    return loss_fn(torch.cat([p for p, _ in pairs]), torch.cat([y for _, y in pairs])).item()


# ---------------------------------------------------------------- questions


@chaff_edit("first_overflow", "overflow_answer", "198", "500", concept="reading")
def overflow_with_zeroing():
    """the run with zeroing

    Your answer is for gradients set to zero, where no loss overflows; it should be for a run without, counted from 0.
    """


@chaff_edit("first_overflow", "overflow_answer", "198", "4", concept="reading")
def overflow_first_rise():
    """first rise

    Your answer is where the loss first rises; it should be where it stops being a number.
    """


@chaff_edit("first_overflow", "overflow_answer", "198", "198 / 500", concept="reading")
def overflow_share():
    """a share of the iterations

    Your answer is a share of the iterations; it should be a whole number, the index of the iteration.
    """


@chaff_edit("rises_with_l1", "l1_answer", "24", "25", concept="reading")
def l1_falls():
    """falls counted

    Your answer counts the steps that go down; it should count those that go up, from one loss to the next.
    """


@chaff_edit("rises_with_l1", "l1_answer", "24", "0", concept="reading")
def l1_above_the_first():
    """compared with the first loss

    Your answer counts losses above the first, and there are none; it should count those above the one before.
    """


@chaff_edit("rises_with_l1", "l1_answer", "24", "50", concept="reading")
def l1_all():
    """all losses

    Your answer is the number of losses; it should be how many are larger than the one before.
    """


@wheat_edit("first_overflow", "198", "198.0")
def overflow_right_0(): ...


@wheat_edit("first_overflow", "198", "len(range(198))")
def overflow_right_1(): ...


@wheat_edit("first_overflow", "198", "200 - 2")
def overflow_right_2(): ...


@wheat_edit("rises_with_l1", "24", "24.0")
def l1_right_0(): ...


@wheat_edit("rises_with_l1", "24", "len(range(24))")
def l1_right_1(): ...


@wheat_edit("rises_with_l1", "24", "4 * 6")
def l1_right_2(): ...


MISSING = (
    "Your answer leaves a broken function out; it should name each whose backward gradcheck refuses. "
    'See "9. Find the bug".'
)
ACCUSED = (
    "Your answer accuses a function that is right; it should name those only whose backward gradcheck refuses. "
    'See "9. Find the bug".'
)
PLACE = (
    "Your answer has a right name with another's place; it should be the place where both slopes differ. "
    'See "9. Find the bug".'
)


@chaff("broken_functions", "broken_answer", hint=MISSING, concept="checking")
def broken_only_squash():
    """one of the two found: tanh"""
    return {"Squash": "the slope is taken at the input, not at the output"}


@chaff("broken_functions", "broken_answer", hint=MISSING, concept="checking")
def broken_only_mean():
    """one of the two found: the mean"""
    return {"MeanSquare": "the mean is over the rows, not over all entries"}


@chaff("broken_functions", "broken_answer", hint=ACCUSED, concept="checking")
def broken_right_one_accused():
    """one of the two found, and the right one"""
    return {
        "Affine": "a matrix is transposed that should not be, or the other way round",
        "Squash": "the slope is taken at the input, not at the output",
    }


@chaff("broken_functions", "broken_answer", hint=ACCUSED, concept="checking")
def broken_bias_accused():
    """the right one alone"""
    return {"Affine": "the bias is summed over the wrong axis"}


@chaff("broken_functions", "broken_answer", hint=ACCUSED, concept="checking")
def broken_all():
    """all three"""
    return {
        "Affine": "the bias is summed over the wrong axis",
        "Squash": "the slope is taken at the input, not at the output",
        "MeanSquare": "the mean is over the rows, not over all entries",
    }


@chaff_edit(
    "broken_functions",
    "broken_answer",
    "the mean is over the rows, not over all entries",
    "the factor 2 of the square is missing",
    hint=PLACE,
    concept="checking",
)
def broken_factor():
    """the right functions, a factor for the mean"""


@chaff_edit(
    "broken_functions",
    "broken_answer",
    "the slope is taken at the input, not at the output",
    "the gradient g that arrives is not used",
    hint=PLACE,
    concept="checking",
)
def broken_arrival():
    """the right functions, the arriving gradient for the slope"""


@wheat("broken_functions")
def broken_in_another_order():
    return {
        "MeanSquare": "the mean is over the rows, not over all entries",
        "Squash": "the slope is taken at the input, not at the output",
    }


@wheat("broken_functions")
def broken_filled():
    found = {}
    found["MeanSquare"] = "the mean is over the rows, not over all entries"
    found.update(Squash="the slope is taken at the input, not at the output")
    return found


@wheat("broken_functions")
def broken_zipped():
    places = ["the slope is taken at the input, not at the output", "the mean is over the rows, not over all entries"]
    return dict(zip(("Squash", "MeanSquare"), places, strict=True))
