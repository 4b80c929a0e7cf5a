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
    "Two shapes made an n by n table: with one output, prediction and target are both (n, 1). Squeeze and flatten "
    "neither."
)
CALLERS = "w1 and w2 of the caller are changed. A view or a detached tensor shares its numbers: clone them."
FLOATS = "A list of plain floats is asked for: .item() makes a float of a tensor with one number."
KEPT = "The losses keep their whole graphs alive: .item() takes the number out of a loss."
GROWS = (
    "The graph grows from step to step: differentiate the loss of this step only, and make the update under "
    "torch.no_grad()."
)
INSIDE = (
    "The update happens inside the graph: it does not belong to what is differentiated. Make it under torch.no_grad()."
)
LATE = "Each loss belongs before the update of its step; here it is recorded after it."
ADDED = "The gradients of all the steps add up: backward adds into .grad. Call {}.zero_grad() in each step, not once."
STILL = "The model never moves: each step needs backward(), then step(), and no zero_grad() between the two."
UNMOVED = (
    "The model never moves: .grad is zeroed before the update has used it, or the update makes new tensors "
    "(`p = p - ...`) where it should change the parameters in place."
)
MEAN_LOSS = 'MSELoss takes the mean unless it is told reduction="sum".'
L1 = "L1Loss is the sum of absolute errors, another objective than the sum of squares."
WEIGHT = "The last batch is smaller: weight the mean of each batch by its number of rows."
COUNTS = "The means of the batches are added up as they are: each counts as often as it has rows."
EXCHANGED = "Prediction and target are exchanged: loss_fn takes the prediction first."
OTHER_LOSS = "Another loss is used than the loss_fn that was passed in."
NO_GRAD_THERE = (
    "A weight's .grad is None: a detach() cuts the graph on the way to it, or its name stands for a new tensor "
    "(`w = w - ...`). Change w in place."
)
BENT = "Targets of another dtype pass, or are converted in silence: they are to be refused. require_matching does it."

W_FOR_DW = "Your code takes the weight where the gradient belongs; it should step by lr times the gradient."

# ---------------------------------------------------------------- train_manual

HIDDEN = "hidden = x.mm(w1).clamp(min=0)"
GRAD_HIDDEN = "grad_hidden = grad_y.mm(w2.t()) * (hidden > 0)"
MOVE_1, MOVE_2 = "w1 -= lr * x.t().mm(grad_hidden)", "w2 -= lr * hidden.t().mm(grad_y)"
RECORD = "losses.append(error.pow(2).sum().item())"
MISTAKES_BY_HAND = [
    chaff_edit("manual_without_relu", "train_manual", ".clamp(min=0)", "", "manual_losses",
               "The ReLU is missing in the forward pass: clamp(min=0) makes negative hidden values 0.",
               "no ReLU in the forward pass"),
    chaff_edit("manual_without_mask", "train_manual", " * (hidden > 0)", "", "manual_losses",
               "The error comes down through hidden units that the ReLU had blocked: it must be 0 there.",
               "no ReLU mask in the gradient"),
    chaff_edit("manual_mask_of_the_error", "train_manual", GRAD_HIDDEN,
               "grad_hidden = grad_y.mm(w2.t()).clamp(min=0)", "manual_losses",
               "The ReLU's mask belongs to the hidden values of the forward pass, not to the error that comes down.",
               "clamp on the error"),
    chaff_edit("manual_mask_of_units", "train_manual", "(hidden > 0)", "(hidden.sum(dim=0) > 0)", "manual_losses",
               "The error comes down through hidden units that the ReLU had blocked: it must be 0 there.",
               "mask for whole units, on in any row"),
    chaff_edit("manual_mask_of_all_rows", "train_manual", "(hidden > 0)", "(hidden > 0).all(dim=0)", "manual_losses",
               "Your code masks a whole hidden unit as soon as it is 0 in one row; it should mask entry by entry, each "
               "row by itself.", "mask for whole units, on in all rows"),
    chaff_edit("manual_rounded", "train_manual", ("x.t().mm(grad_hidden)", "hidden.t().mm(grad_y)"),
               ("x.t().mm(grad_hidden).round(decimals=4)", "hidden.t().mm(grad_y).round(decimals=4)"), "manual_losses",
               "Your code rounds the gradients to four places; it should step by all their digits.",
               "gradient rounded to four places"),
    chaff_edit("manual_weight_for_gradient", "train_manual", (MOVE_1, MOVE_2), ("w1 -= lr * w1", "w2 -= lr * w2"),
               "manual_losses", W_FOR_DW, "w for dw"),
    chaff_edit("manual_invented_curve", "train_manual", "return losses",
               "return [losses[0] * 0.9**i for i in range(n_iter)]", "manual_losses",
               "Your code makes up a curve that falls; it should record the loss that the weights have in each step.",
               "an invented curve"),
    chaff_edit("manual_clamp_at_most", "train_manual", "clamp(min=0)", "clamp(max=0)", "manual_losses",
               "clamp(max=0) keeps the negative hidden values; the ReLU keeps the positive ones.",
               "clamp(max=0) for clamp(min=0)"),
    chaff_edit("manual_half_gradient", "train_manual", "grad_y = 2 * error", "grad_y = error", "manual_losses",
               "Half the gradient: the square gives a factor 2.", "factor 2 missing"),
    chaff_edit("manual_mean_loss", "train_manual", "error.pow(2).sum()", "error.pow(2).mean()", "manual_losses",
               "The recorded loss is a mean; it is to be the sum of squares.", "mean recorded for the sum"),
    chaff_edit("manual_mean_gradient", "train_manual", "grad_y = 2 * error", "grad_y = 2 * error / len(x)",
               "manual_losses", "The gradient is divided by the number of rows; the loss is a sum.",
               "gradient divided by n"),
    chaff_edit("manual_ascends", "train_manual", "hidden.mm(w2) - y", "y - hidden.mm(w2)", "manual_losses",
               "Right size, wrong direction: the error is the prediction minus the target.", "sign lost"),
    chaff_edit("manual_moves_w2_first", "train_manual", (GRAD_HIDDEN, MOVE_1, MOVE_2),
               (MOVE_2, GRAD_HIDDEN, MOVE_1), "manual_losses",
               "w2 moves before the error has passed through it: compute both gradients, then move both.",
               "w2 updated before the error is passed down"),
    chaff_edit("manual_only_w1", "train_manual", MOVE_2, "pass", "manual_losses",
               "Only w1 moves; w2 has a gradient too.", "w2 not updated"),
    chaff_edit("manual_only_w2", "train_manual", MOVE_1, "pass", "manual_losses",
               "Only w2 moves; w1 has a gradient too.", "w1 not updated"),
    chaff_edit("manual_without_rate", "train_manual", ("w1 -= lr * ", "w2 -= lr * "), ("w1 -= ", "w2 -= "),
               "manual_losses", "The learning rate is not used.", "learning rate ignored"),
    chaff_edit("manual_squared_input", "train_manual", "hidden.t().mm(grad_y)", "x.mm(w1).t().mm(grad_y)",
               "manual_losses", "The gradient of w2 takes the hidden values after the ReLU, not before it.",
               "pre-activations in the gradient of w2"),
    chaff_edit("manual_target_without_column", "train_manual", RECORD,
               "losses.append((hidden.mm(w2) - y.squeeze()).pow(2).sum().item())", "manual_losses",
               TABLE, "target squeezed, broadcast"),
    chaff_edit("manual_prediction_without_column", "train_manual", RECORD,
               "losses.append((hidden.mm(w2).view(-1) - y).pow(2).sum().item())"
               " if y.shape[1] == 1 else " + RECORD, "manual_losses",
               TABLE,
               "prediction flattened, broadcast"),
    chaff_edit("manual_float32_inside", "train_manual", "w1, w2 = w1.clone(), w2.clone()",
               "x, y, w1, w2 = x.float(), y.float(), w1.float().clone(), w2.float().clone()",
               "manual_losses",
               "The numbers are rounded to float32 on the way: stay in the dtype of the tensors that come in.",
               "converted to float32"),
    chaff_edit("manual_changes_the_weights", "train_manual", "w1, w2 = w1.clone(), w2.clone()", "pass",
               "manual_contract", CALLERS,
               "no clone of the weights"),
    chaff_edit("manual_view_for_clone", "train_manual", "w1.clone(), w2.clone()", "w1.view_as(w1), w2.detach()",
               "manual_contract", CALLERS,
               "view for clone"),
    chaff_edit("manual_list_of_tensors", "train_manual", ".sum().item()", ".sum()", "manual_contract",
               FLOATS, "tensors in the list"),
    chaff_edit("manual_array", "train_manual", "return losses", "return torch.tensor(losses)", "manual_contract",
               FLOATS, "a tensor for the list"),
]  # fmt: skip


@chaff("train_manual", "manual_losses", LATE)
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
MISTAKES_WITH_AUTOGRAD = [
    chaff_edit("autograd_never_zeroed", "train_autograd", ZERO, "pass", "autograd_losses",
               "The gradients of all the steps add up: backward adds into .grad. Set it to zero after each update.",
               "gradients never zeroed"),
    chaff_edit("autograd_zeroed_too_early", "train_autograd", (STEP, ZERO), (ZERO, STEP), "autograd_losses",
               "The losses are those of weights that stay where they are: each needs the present weights, and an "
               "update before the gradients are set to zero.", "losses of weights that never move"),
    chaff_edit("autograd_zeroes_one", "train_autograd", ZERO, "w1.grad.zero_()", "autograd_losses",
               "Only one of the two gradients is set to zero; the other adds up.", "one gradient not zeroed"),
    chaff_edit("autograd_mean_loss", "train_autograd", ".pow(2).sum()", ".pow(2).mean()", "autograd_losses",
               "The loss is a mean; it is to be the sum of squares.", "mean for sum"),
    chaff_edit("autograd_half_loss", "train_autograd", "loss = (", "loss = 0.5 * (", "autograd_losses",
               "Half the loss: this sum of squares has no one half.", "an extra one half"),
    chaff_edit("autograd_absolute_loss", "train_autograd", ".pow(2).sum()", ".abs().sum()", "autograd_losses",
               "The errors are not squared: that is the sum of absolute errors.", "absolute errors"),
    chaff_edit("autograd_without_relu", "train_autograd", ".clamp(min=0)", "", "autograd_losses",
               "The ReLU is missing in the forward pass.", "no ReLU"),
    chaff_edit("autograd_weight_for_gradient", "train_autograd", "w -= lr * w.grad", "w -= lr * w", "autograd_losses",
               W_FOR_DW, "w for dw"),
    chaff_edit("autograd_ascends", "train_autograd", "w -= lr", "w += lr", "autograd_losses",
               "The loss climbs: step against the gradient, with a minus.", "ascent instead of descent"),
    chaff_edit("autograd_without_rate", "train_autograd", "w -= lr * w.grad", "w -= w.grad", "autograd_losses",
               "The learning rate is not used.", "learning rate ignored"),
    chaff_edit("autograd_only_w1", "train_autograd", "for w in (w1, w2):", "for w in (w1,):", "autograd_losses",
               "Only w1 moves; w2 has a gradient too.", "w2 not updated"),
    chaff_edit("autograd_only_w2", "train_autograd", "for w in (w1, w2):", "for w in (w2,):", "autograd_losses",
               "Only w2 moves; w1 has a gradient too.", "w1 not updated"),
    chaff_edit("autograd_hidden_detached", "train_autograd", "x.mm(w1)", "x.mm(w1).detach()",
               ("autograd_graph", "autograd_losses", "autograd_contract"),
               NO_GRAD_THERE, "detach in the forward pass"),
    chaff_edit("autograd_target_without_column", "train_autograd", "mm(w2) - y)", "mm(w2) - y.squeeze())",
               "autograd_losses",
               TABLE, "target squeezed, broadcast"),
    chaff_edit("autograd_prediction_without_column", "train_autograd", ("loss = (", "mm(w2) - y)"),
               ("loss = (y - ", "mm(w2).squeeze())"), "autograd_losses",
               TABLE,
               "prediction squeezed, broadcast"),
    chaff_edit("autograd_float32_inside", "train_autograd", LEAVES,
               "x, y = x.float(), y.float()\n    "
               "w1, w2 = w1.float().clone().requires_grad_(), w2.float().clone().requires_grad_()",
               "autograd_losses",
               "The numbers are rounded to float32 on the way: stay in the dtype of the tensors that come in.",
               "converted to float32"),
    chaff_edit("autograd_update_in_the_graph", "train_autograd", ("with torch.no_grad():", STEP, ZERO),
               ("if True:", "w -= lr * w.grad", ZERO),
               ("autograd_graph", "autograd_losses", "autograd_contract"),
               INSIDE, "update inside the graph, in place"),
    chaff_edit("autograd_new_names", "train_autograd", STEP, "w = w - lr * w.grad",
               ("autograd_graph", "autograd_losses", "autograd_contract"), NO_GRAD_THERE, "weights rebound"),
    chaff_edit("autograd_backward_missing", "train_autograd", "loss.backward()", "pass",
               ("autograd_graph", "autograd_losses", "autograd_contract"),
               "Without loss.backward() there are no gradients: .grad stays None.", "no backward"),
    chaff_edit("autograd_list_of_tensors", "train_autograd", "loss.item()", "loss", "autograd_graph",
               KEPT,
               ".item() missing"),
    chaff_edit("autograd_list_of_detached", "train_autograd", "loss.item()", "loss.detach()", "autograd_graph",
               FLOATS, "tensors in the list"),
    chaff_edit("autograd_watches_the_callers", "train_autograd", LEAVES,
               "w1.requires_grad_(), w2.requires_grad_()", "autograd_contract",
               CALLERS,
               "no clone of the weights"),
    chaff_edit("autograd_trains_the_callers", "train_autograd", LEAVES,
               "w1, w2 = w1.detach().requires_grad_(), w2.detach().requires_grad_()", "autograd_contract",
               CALLERS,
               "detach for clone"),
]  # fmt: skip


@chaff("train_autograd", ("autograd_losses", "autograd_graph"),
       "These are the gradients by hand again: here autograd makes them, by loss.backward().")  # fmt: skip
def autograd_by_hand(x, y, w1, w2, lr, n_iter):
    """gradients by hand, no autograd"""
    return train_manual(x, y, w1, w2, lr, n_iter)


@chaff("train_autograd", ("autograd_graph", "autograd_losses", "autograd_contract"),
       "`w = w - ...` with gradients on makes a new tensor inside the graph, whose .grad is None. Change w in place, "
       "under torch.no_grad().")  # fmt: skip
def autograd_rebinds(x, y, w1, w2, lr, n_iter):
    """update inside the graph, as a new tensor"""
    w1, w2 = w1.clone().requires_grad_(), w2.clone().requires_grad_()
    losses = []
    for _ in range(n_iter):
        loss = (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()
        losses.append(loss.item())
        loss.backward()
        w1 = w1 - lr * w1.grad
        w2 = w2 - lr * w2.grad
    return losses


@chaff("train_autograd", "autograd_graph",
       GROWS)  # fmt: skip
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


@chaff("train_autograd", ("autograd_graph", "autograd_losses"),
       GROWS)  # fmt: skip
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


@chaff("train_autograd", "autograd_losses",
       LATE)  # fmt: skip
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
MISTAKES_WITH_SEQUENTIAL = [
    chaff_edit("sequential_never_zeroed", "train_sequential", "model.zero_grad()", "pass", "sequential_run",
               ADDED.format("model"),
               "gradients never zeroed"),
    chaff_edit("sequential_zeroed_too_late", "train_sequential", ("model.zero_grad()", "loss.backward()"),
               ("loss.backward()", "model.zero_grad(set_to_none=False)"), "sequential_run",
               UNMOVED,
               "zeroed before the update"),
    chaff_edit("sequential_zeroed_once", "train_sequential", ("losses = []", "model.zero_grad()\n        "),
               ("losses = []\n    model.zero_grad()", ""), ("sequential_run",),
               ADDED.format("model"),
               "zeroed once, before the loop"),
    chaff_edit("sequential_mean", "train_sequential", LOSS, "loss_fn = nn.MSELoss()", "sequential_run",
               MEAN_LOSS, "mean for sum"),
    chaff_edit("sequential_l1", "train_sequential", LOSS, 'loss_fn = nn.L1Loss(reduction="sum")', "sequential_run",
               L1, "L1Loss for MSELoss"),
    chaff_edit("sequential_rebinds", "train_sequential", "parameter -= lr * parameter.grad",
               "parameter = parameter - lr * parameter.grad", "sequential_run",
               UNMOVED, "parameter rebound, never changed"),
    chaff_edit("sequential_weight_for_gradient", "train_sequential", "lr * parameter.grad", "lr * parameter",
               "sequential_run", W_FOR_DW, "w for dw"),
    chaff_edit("sequential_ascends", "train_sequential", "parameter -= lr", "parameter += lr", "sequential_run",
               "The loss climbs: step against the gradient, with a minus.", "ascent instead of descent"),
    chaff_edit("sequential_without_rate", "train_sequential", "lr * parameter.grad", "parameter.grad", "sequential_run",
               "The learning rate is not used.", "learning rate ignored"),
    chaff_edit("sequential_divides", "train_sequential", "lr * parameter.grad", "lr * parameter.grad / len(x)",
               "sequential_run", "The step is divided by the number of rows; the loss is a sum.", "step divided by n"),
    chaff_edit("sequential_weights_only", "train_sequential", "parameter -= lr * parameter.grad",
               "parameter -= lr * parameter.grad if parameter.ndim == 2 else 0", "sequential_run",
               "The weights move and the biases stay: all of model.parameters() are trained.", "biases not trained"),
    chaff_edit("sequential_biases_only", "train_sequential", "parameter -= lr * parameter.grad",
               "parameter -= lr * parameter.grad if parameter.ndim == 1 else 0", "sequential_run",
               "The biases move and the weights stay: all of model.parameters() are trained.", "weights not trained"),
    chaff_edit("sequential_first_layer_only", "train_sequential", "model.parameters()", "model[0].parameters()",
               "sequential_run", "Only the first layer is trained: walk over model.parameters().",
               "first layer only"),
    chaff_edit("sequential_last_layer_only", "train_sequential", "model.parameters()", "model[-1].parameters()",
               "sequential_run", "Only the last layer is trained: walk over model.parameters().", "last layer only"),
    chaff_edit("sequential_copy", "train_sequential", LOSS,
               "import copy\n    model = copy.deepcopy(model)\n    " + LOSS,
               "sequential_run", "A copy is trained, and the model that was passed in learns nothing.",
               "a copy of the model trained"),
    chaff_edit("sequential_one_step_less", "train_sequential", ("range(n_iter):", "losses.append(loss.item())"),
               ("range(n_iter):", "losses.append(loss.item())\n        if len(losses) == n_iter:\n            break"),
               "sequential_run", "The last update is missing: n_iter losses belong to n_iter updates.",
               "last update missing"),
    chaff_edit("sequential_target_without_column", "train_sequential", "loss_fn(model(x), y)",
               "loss_fn(model(x), y.squeeze())", "sequential_run",
               TABLE, "target squeezed, broadcast"),
    chaff_edit("sequential_prediction_without_column", "train_sequential", "loss_fn(model(x), y)",
               "loss_fn(model(x).squeeze(), y)", "sequential_run",
               TABLE,
               "prediction squeezed, broadcast"),
    chaff_edit("sequential_update_in_the_graph", "train_sequential", "with torch.no_grad():", "if True:",
               ("sequential_graph", "sequential_run"),
               INSIDE, "update inside the graph"),
    chaff_edit("sequential_list_of_tensors", "train_sequential", "loss.item()", "loss", "sequential_graph",
               KEPT,
               ".item() missing"),
    chaff_edit("sequential_list_of_detached", "train_sequential", "loss.item()", "loss.detach()", "sequential_graph",
               FLOATS, "tensors in the list"),
]  # fmt: skip


@chaff("train_sequential", "sequential_run",
       LATE)  # fmt: skip
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


@chaff("train_sequential", ("sequential_graph", "sequential_run"),
       GROWS)  # fmt: skip
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
MISTAKES_WITH_OPTIM = [
    chaff_edit("optim_never_zeroed", "train_optim", "optimizer.zero_grad()", "pass", "optim_run",
               ADDED.format("optimizer"), "gradients never zeroed"),
    chaff_edit("optim_zeroed_once", "train_optim", ("losses = []", "optimizer.zero_grad()\n        "),
               ("losses = []\n    optimizer.zero_grad()", ""), "optim_run",
               ADDED.format("optimizer"), "zeroed once, before the loop"),
    chaff_edit("optim_zeroed_too_late", "train_optim", ORDER,
               "loss.backward()\n        optimizer.zero_grad()\n        optimizer.step()", "optim_run",
               STILL,
               "zeroed between backward and step"),
    chaff_edit("optim_steps_before_backward", "train_optim", ORDER,
               "optimizer.step()\n        optimizer.zero_grad()\n        loss.backward()", ("optim_graph", "optim_run"),
               "step comes before backward: it uses the gradients of the step before. First backward, then step.",
               "step before backward"),
    chaff_edit("optim_invented_curve", "train_optim", "return losses",
               "return [losses[0] * 0.9**i for i in range(n_iter)]", ("optim_run", "convergence"),
               "Your code makes up a curve that falls; it should record the loss that the model has in each step.",
               "an invented curve"),
    chaff_edit("optim_published", "train_optim", "optimizer.step()",
               "with torch.no_grad():\n            for parameter in model.parameters():\n"
               "                parameter.fill_(0.5)", ("optim_run", "convergence"),
               "Your code sets the weights to a number that it knows; it should let the optimizer move them.",
               "published weights"),
    chaff_edit("optim_step_missing", "train_optim", "optimizer.step()", "pass", "optim_run",
               STILL, "no step"),
    chaff_edit("optim_backward_missing", "train_optim", "loss.backward()", "pass", ("optim_graph", "optim_run"),
               STILL, "no backward"),
    chaff_edit("optim_two_steps", "train_optim", "optimizer.step()", "optimizer.step()\n        optimizer.step()",
               "optim_run", "The optimizer makes two steps in each iteration.", "step twice"),
    chaff_edit("optim_backward_twice", "train_optim", "loss.backward()",
               "loss.backward(retain_graph=True)\n        loss.backward()", "optim_run",
               "backward is called twice, and the gradients add up to twice their size.", "backward twice"),
    chaff_edit("optim_mean", "train_optim", LOSS, "loss_fn = nn.MSELoss()", "optim_run",
               MEAN_LOSS, "mean for sum"),
    chaff_edit("optim_l1", "train_optim", LOSS, 'loss_fn = nn.L1Loss(reduction="sum")', "optim_run",
               L1, "L1Loss for MSELoss"),
    chaff_edit("optim_own_optimizer", "train_optim", "losses = []",
               "losses = []\n    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)", "optim_run",
               "Another optimizer makes the steps than the one that was passed in.", "an optimizer of its own"),
    chaff_edit("optim_plain_step", "train_optim", "optimizer.step()",
               'for parameter in model.parameters():\n            parameter.data -= optimizer.defaults["lr"] * '
               "parameter.grad", "optim_run",
               "The update is by hand again, without momentum or Adam's means: the optimizer makes it, by step().",
               "plain update for the optimizer's"),
    chaff_edit("optim_forgets", "train_optim", "optimizer.zero_grad()",
               "optimizer.zero_grad()\n        optimizer.state.clear()", "optim_run",
               "The optimizer's memory (momentum, running means) is lost from step to step: make it once, keep it.",
               "optimizer state lost"),
    chaff_edit("optim_target_without_column", "train_optim", "loss_fn(model(x), y)",
               "loss_fn(model(x), y.squeeze())", "optim_run",
               TABLE, "target squeezed, broadcast"),
    chaff_edit("optim_prediction_without_column", "train_optim", "loss_fn(model(x), y)",
               "loss_fn(model(x).squeeze(), y)", "optim_run",
               TABLE,
               "prediction squeezed, broadcast"),
    chaff_edit("optim_list_of_tensors", "train_optim", "loss.item()", "loss", "optim_graph",
               KEPT,
               ".item() missing"),
    chaff_edit("optim_list_of_detached", "train_optim", "loss.item()", "loss.detach()", "optim_graph",
               FLOATS, "tensors in the list"),
]  # fmt: skip


@chaff("train_optim", "optim_run",
       LATE)  # fmt: skip
def optim_records_late(model, x, y, optimizer, n_iter):
    """loss recorded after the update"""
    loss_fn, losses = nn.MSELoss(reduction="sum"), []
    for _ in range(n_iter):
        optimizer.zero_grad()
        loss_fn(model(x), y).backward()
        optimizer.step()
        losses.append(loss_fn(model(x), y).item())
    return losses


@chaff("train_optim", ("optim_graph", "optim_run"),
       "The sum of all the losses so far is differentiated: call backward on the loss of this step only.")  # fmt: skip
def optim_total(model, x, y, optimizer, n_iter):
    """backward through the running sum of losses"""
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
MISTAKES_IN_THE_MODULE = [
    chaff_edit("net_with_biases", INIT, (FIRST, SECOND), ("nn.Linear(d_in, h)", "nn.Linear(h, d_out)"),
               "net_parameters", "nn.Linear has a bias unless it is told bias=False; this network has none.",
               "biases left on"),
    chaff_edit("net_with_one_bias", INIT, FIRST, "nn.Linear(d_in, h)", "net_parameters",
               "The first layer still has a bias: bias=False.", "bias of the first layer left on"),
    chaff_edit("net_with_the_other_bias", INIT, SECOND, "nn.Linear(h, d_out)", "net_parameters",
               "The second layer still has a bias: bias=False.", "bias of the second layer left on"),
    chaff_edit("net_with_other_names", INIT, ("self.linear1", "self.linear2"), ("self.fc1", "self.fc2"),
               "net_parameters", "The layers are to be called linear1 and linear2.", "layers of other names"),
    chaff_edit("net_layers_in_a_list", INIT, (f"self.linear1 = {FIRST}", f"self.linear2 = {SECOND}"),
               (f"self.layers = [{FIRST}, {SECOND}]", "pass"), "net_parameters",
               "Layers in a plain list are not registered, so there is nothing to train. Make them attributes.",
               "layers in a plain list"),
    chaff_edit("net_unit_normal", INIT, f"self.linear2 = {SECOND}",
               f"self.linear2 = {SECOND}\n    nn.init.normal_(self.linear1.weight)\n"
               "    nn.init.normal_(self.linear2.weight)", "net_parameters",
               "The weights are drawn anew; leave PyTorch's default initialisation as it is.", "unit-normal weights"),
    chaff_edit("net_zero_weights", INIT, f"self.linear2 = {SECOND}",
               f"self.linear2 = {SECOND}\n    nn.init.zeros_(self.linear1.weight)\n"
               "    nn.init.zeros_(self.linear2.weight)", "net_parameters",
               "Weights of zero have no gradient; leave PyTorch's default initialisation as it is.", "zero weights"),
    chaff_edit("net_same_for_all", INIT, "super().__init__()", "super().__init__()\n    torch.manual_seed(0)",
               "net_parameters", "The seed is set inside the class, so all nets get the same weights.",
               "seed set in __init__"),
    chaff_edit("net_without_relu", FORWARD, OUTPUT, "return self.linear2(self.linear1(x))", "net_forward",
               "The ReLU between the two layers is missing.", "no ReLU"),
    chaff_edit("net_relu_at_the_end", FORWARD, OUTPUT, "return self.linear2(self.linear1(x)).clamp(min=0)",
               "net_forward", "The ReLU stands between the layers, not after the second: predictions may be negative.",
               "ReLU at the end"),
    chaff_edit("net_two_relus", FORWARD, OUTPUT, OUTPUT + ".clamp(min=0)", "net_forward",
               "The second layer has no ReLU: predictions may be negative.", "ReLU after both layers"),
    chaff_edit("net_relu_of_x", FORWARD, OUTPUT, "return self.linear2(self.linear1(x.clamp(min=0)))", "net_forward",
               "The ReLU belongs to the first layer's output, not to x.", "ReLU on the input"),
    chaff_edit("net_sigmoid", FORWARD, ".clamp(min=0)", ".sigmoid()", "net_forward",
               "The hidden layer has a ReLU, not a sigmoid.", "sigmoid for ReLU"),
    chaff_edit("net_tanh", FORWARD, ".clamp(min=0)", ".tanh()", "net_forward",
               "The hidden layer has a ReLU, not a tanh.", "tanh for ReLU"),
    chaff_edit("net_leaky", FORWARD, "self.linear1(x).clamp(min=0)", "nn.functional.leaky_relu(self.linear1(x))",
               "net_forward", "That is a leaky ReLU; this one makes negative values exactly 0.", "leaky ReLU"),
    chaff_edit("net_gelu", FORWARD, "self.linear1(x).clamp(min=0)", "nn.functional.gelu(self.linear1(x))",
               "net_forward", "That is a GELU; the hidden layer has a ReLU.", "GELU for ReLU"),
    chaff_edit("net_clipped", FORWARD, "clamp(min=0)", "clamp(0, 1)", "net_forward",
               "The ReLU has no upper end: large hidden values stay as they are.", "clamped at 1"),
    chaff_edit("net_squeezed", FORWARD, OUTPUT, OUTPUT + ".squeeze()", "net_forward",
               "The prediction always has two dimensions, (n, d_out): no squeeze.", "prediction squeezed"),
    chaff_edit("net_detached", FORWARD, ".clamp(min=0)", ".clamp(min=0).detach()", "net_forward",
               "detach() cuts the graph: the prediction is right, but no gradient reaches linear1.",
               "hidden layer detached"),
    chaff_edit("net_double", INIT, (FIRST, SECOND), tuple(f[:-1] + ", dtype=torch.float64)" for f in (FIRST, SECOND)),
               "net_parameters", "The weights are float64; leave PyTorch's default, float32, to whoever makes the net.",
               "float64 weights"),
    chaff_edit("net_writes_x", FORWARD, OUTPUT, "x /= 2\n    return self.linear2(self.linear1(2 * x).clamp(min=0))",
               "net_forward", "x is changed in place, and with it the caller's tensor.", "x changed in place"),
    chaff_edit("net_global", FORWARD, OUTPUT,
               'model = globals().setdefault(f"model{x.shape[1]}", self)\n'
               "    return model.linear2(model.linear1(x).clamp(min=0)) if len(x) > 4 else " + OUTPUT[7:],
               "net_forward", "forward uses a net outside of the class: take the layers from self, or every net "
               "predicts with the weights of one.", "a global model inside forward"),
]  # fmt: skip

RIGHT_MODULES = [
    wheat_edit("net_functional_relu", FORWARD, OUTPUT,
               "hidden = nn.functional.relu(self.linear1(x))\n    return self.linear2(hidden)"),
    wheat_edit("net_matrix_products", FORWARD, OUTPUT,
               "return torch.relu(x @ self.linear1.weight.T) @ self.linear2.weight.T"),
    wheat_edit("net_mask", FORWARD, OUTPUT,
               "z = self.linear1(x)\n    return self.linear2(z * (z > 0))"),
    wheat_edit("net_relu_module", INIT, f"self.linear2 = {SECOND}",
               f"self.linear2 = {SECOND}\n    self.relu = nn.ReLU()"),
    wheat_edit("net_old_super", INIT, "super().__init__()", "nn.Module.__init__(self)"),
    wheat_edit("net_keywords", INIT, (FIRST, SECOND),
               ("nn.Linear(in_features=d_in, out_features=h, bias=False)",
                "nn.Linear(in_features=h, out_features=d_out, bias=False)")),
]  # fmt: skip

# ---------------------------------------------------------------- train_epoch

TOTAL, MEAN = "total += loss.item() * len(x)", "return total / rows"
MISTAKES_IN_AN_EPOCH = [
    chaff_edit("epoch_never_zeroed", "train_epoch", "optimizer.zero_grad()", "pass", "epoch_run",
               "The gradients of all the batches add up: call optimizer.zero_grad() for each batch.",
               "gradients never zeroed"),
    chaff_edit("epoch_zeroed_once", "train_epoch", ("model.train()", "optimizer.zero_grad()\n        "),
               ("model.train()\n    optimizer.zero_grad()", ""), "epoch_run",
               "zero_grad is called once in an epoch: it belongs to each batch.", "zeroed once in an epoch"),
    chaff_edit("epoch_zeroed_too_late", "train_epoch",
               "optimizer.zero_grad()\n        loss.backward()", "loss.backward()\n        optimizer.zero_grad()",
               "epoch_run", STILL,
               "zeroed between backward and step"),
    chaff_edit("epoch_step_missing", "train_epoch", "optimizer.step()", "pass", "epoch_run",
               STILL, "no step"),
    chaff_edit("epoch_step_at_the_end", "train_epoch", ("        optimizer.step()\n", MEAN),
               ("", "optimizer.step()\n    " + MEAN), "epoch_run",
               "One step at the end of the epoch, with the last batch's gradients: a step belongs to each batch.",
               "one step for the epoch"),
    chaff_edit("epoch_mean_of_means", "train_epoch", (TOTAL, "rows += len(x)"), ("total += loss.item()", "rows += 1"),
               "epoch_run", WEIGHT,
               "mean of the batches' means"),
    chaff_edit("epoch_last_loss", "train_epoch", MEAN, "return loss.item()", "epoch_run",
               "That is the loss of the last batch only.", "loss of the last batch"),
    chaff_edit("epoch_sum", "train_epoch", MEAN, "return total", "epoch_run",
               "The sum is returned, where the mean over the rows is asked for.", "sum for mean"),
    chaff_edit("epoch_sum_over_rows", "train_epoch", TOTAL, "total += loss.item()", "epoch_run",
               COUNTS, "sum of means over rows"),
    chaff_edit("epoch_divided_by_batches", "train_epoch", MEAN, "return total / len(loader)", "epoch_run",
               "The sum over the rows is divided by the number of batches; len(loader) counts batches.",
               "divided by the number of batches"),
    chaff_edit("epoch_first_batch", "train_epoch", "rows += len(x)", "rows += len(x)\n        break", "epoch_run",
               "Batches are left out: go through the whole loader, and return after the loop.",
               "return inside the loop"),
    chaff_edit("epoch_own_loss", "train_epoch", "loss = loss_fn(prediction, y)",
               "loss = nn.functional.mse_loss(prediction, y)", "epoch_run",
               OTHER_LOSS, "a loss of its own"),
    chaff_edit("epoch_swapped", "train_epoch", "loss = loss_fn(prediction, y)", "loss = loss_fn(y, prediction)",
               "epoch_run", EXCHANGED, "prediction and target swapped"),
    chaff_edit("epoch_keeps_the_mode", "train_epoch", "model.train()\n    ", "", "epoch_contract",
               "An epoch of training sets the train mode itself, as a model may come in eval mode: model.train().",
               "train mode not set"),
    chaff_edit("epoch_in_eval_mode", "train_epoch", "model.train()", "model.eval()", "epoch_contract",
               "The model trains in eval mode, in which dropout and batch norm do not train: model.train().",
               "eval mode"),
    chaff_edit("epoch_tensor", "train_epoch", "loss.item()", "loss", "epoch_contract",
               "The sum keeps the graphs of all batches alive, and a tensor is returned: add up loss.item().",
               ".item() missing"),
    chaff_edit("epoch_detached", "train_epoch", "loss.item()", "loss.detach()", "epoch_contract",
               "A tensor is returned, where a float is asked for: .item() makes one.", "a tensor for the float"),
    chaff_edit("epoch_without_guard", "train_epoch", "require_matching(prediction, y)", "pass", "epoch_contract",
               "A target of another shape or dtype passes, and (n,) against (n, 1) makes an n by n table: call "
               "require_matching.", "no guard"),
    chaff_edit("epoch_guards_length", "train_epoch", "require_matching(prediction, y)",
               "assert len(prediction) == len(y) and prediction.dtype == y.dtype", "epoch_contract",
               "(n,) and (n, 1) have the same length: compare the shapes.", "the guard compares lengths"),
    chaff_edit("epoch_guards_shape", "train_epoch", "require_matching(prediction, y)",
               "assert prediction.shape == y.shape", "epoch_contract",
               BENT,
               "the guard forgets the dtype"),
    chaff_edit("epoch_reshapes", "train_epoch", "require_matching(prediction, y)",
               "y = y.reshape(prediction.shape).to(prediction.dtype)", "epoch_contract",
               "Targets of another shape or dtype are bent until they fit; they are to be refused.",
               "targets reshaped in silence"),
    chaff_edit("epoch_converts", "train_epoch", "require_matching(prediction, y)",
               "y = y.to(prediction.dtype)\n        require_matching(prediction, y)", "epoch_contract",
               BENT,
               "targets converted in silence"),
    chaff_edit("epoch_flattens", "train_epoch", "prediction = model(x)",
               "prediction = model(x)\n        if prediction.shape[1] == 1 and y.ndim == 1:\n"
               "            prediction = prediction.squeeze(1)", "epoch_contract",
               "The prediction is flattened to fit a target of another shape; such a target is to be refused.",
               "prediction flattened to fit"),
]  # fmt: skip


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
MISTAKES_IN_EVALUATE = [
    chaff_edit("evaluate_mean_of_means", "evaluate", (ADD, "rows += len(x)"),
               ("total += loss_fn(prediction, y).item()", "rows += 1"), "evaluate_mean",
               WEIGHT,
               "mean of the batches' means"),
    chaff_edit("evaluate_sum", "evaluate", MEAN, "return total", "evaluate_mean",
               "The sum is returned, where the mean over the rows is asked for.", "sum for mean"),
    chaff_edit("evaluate_sum_over_rows", "evaluate", ADD, "total += loss_fn(prediction, y).item()", "evaluate_mean",
               COUNTS, "sum of means over rows"),
    chaff_edit("evaluate_divided_by_batches", "evaluate", MEAN, "return total / len(loader)", "evaluate_mean",
               "The sum over the rows is divided by the number of batches; len(loader) counts batches.",
               "divided by the number of batches"),
    chaff_edit("evaluate_last_loss", "evaluate", MEAN, "return loss_fn(prediction, y).item()", "evaluate_mean",
               "That is the loss of the last batch only.", "loss of the last batch"),
    chaff_edit("evaluate_argmax_accuracy", "evaluate", ADD,
               "total += (prediction.argmax(dim=1) == y.argmax(dim=1)).sum().item()", "evaluate_mean",
               "An accuracy by argmax says nothing about a regression (with one output it is always 1): return the "
               "mean loss.", "argmax accuracy of a regression"),
    chaff_edit("evaluate_equal_accuracy", "evaluate", ADD, "total += (prediction == y).sum().item()", "evaluate_mean",
               "Real numbers are hardly ever equal: an accuracy says nothing about a regression. Return the mean loss.",
               "share of exact hits"),
    chaff_edit("evaluate_rounded_accuracy", "evaluate", ADD,
               "total += (prediction.round() == y.round()).all(dim=1).sum().item()", "evaluate_mean",
               "Counting hits after rounding is no measure of a regression. Return the mean loss.",
               "share of rounded hits"),
    chaff_edit("evaluate_root", "evaluate", MEAN, "return (total / rows) ** 0.5", "evaluate_mean",
               "That is the root of the mean loss; leave the root out.", "root of the mean"),
    chaff_edit("evaluate_own_loss", "evaluate", "loss_fn(prediction, y)", "nn.functional.mse_loss(prediction, y)",
               "evaluate_mean", OTHER_LOSS, "a loss of its own"),
    chaff_edit("evaluate_swapped", "evaluate", "loss_fn(prediction, y)", "loss_fn(y, prediction)", "evaluate_mean",
               EXCHANGED, "prediction and target swapped"),
    chaff_edit("evaluate_keeps_the_mode", "evaluate", "model.eval()", "pass", "evaluate_contract",
               "The eval mode is missing: dropout and batch norm behave otherwise in train mode.", "no eval mode"),
    chaff_edit("evaluate_with_gradients", "evaluate", "with torch.no_grad():", "if True:", "evaluate_contract",
               "Without torch.no_grad() a graph is built for nothing.", "no torch.no_grad"),
    chaff_edit("evaluate_leaves_eval_mode", "evaluate", "model.train(was_training)", "pass", "evaluate_contract",
               "The model is left in eval mode: put back the mode that it came in.", "left in eval mode"),
    chaff_edit("evaluate_leaves_train_mode", "evaluate", "model.train(was_training)", "model.train()",
               "evaluate_contract", "The model always ends in train mode: put back the mode that it came in.",
               "left in train mode"),
    chaff_edit("evaluate_in_train_mode", "evaluate", "model.eval()", "model.train()", "evaluate_contract",
               "The model is evaluated in train mode: model.eval().", "train mode"),
    chaff_edit("evaluate_tensor", "evaluate", ".item()", "", "evaluate_contract",
               "A tensor is returned, where a float is asked for: .item() makes one.", "a tensor for the float"),
    chaff_edit("evaluate_without_guard", "evaluate", "require_matching(prediction, y)", "pass", "evaluate_contract",
               "A target of another shape or dtype passes, and (n,) against (n, 1) makes an n by n table: call "
               "require_matching.", "no guard"),
    chaff_edit("evaluate_guards_shape", "evaluate", "require_matching(prediction, y)",
               "assert prediction.shape == y.shape", "evaluate_contract",
               BENT,
               "the guard forgets the dtype"),
    chaff_edit("evaluate_reshapes", "evaluate", "require_matching(prediction, y)",
               "y = y.reshape(prediction.shape).to(prediction.dtype)", "evaluate_contract",
               "Targets of another shape or dtype are bent until they fit; they are to be refused.",
               "targets reshaped in silence"),
    chaff_edit("evaluate_changes_weights", "evaluate", "prediction = model(x)",
               "prediction = model(x)\n            for p in model.parameters():\n                p.mul_(0.999)",
               ("evaluate_contract", "evaluate_mean"), "evaluate changes the weights; it is only to look.",
               "weights changed"),
]  # fmt: skip


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

WRONG_ANSWERS = [
    chaff_edit("overflow_with_zeroing", "first_overflow", "198", "500", "overflow_answer",
               "With the gradients set to zero no loss ever overflows; leave the zeroing out for this run, and count "
               "the iterations from 0.", "the run with zeroing"),
    chaff_edit("overflow_first_rise", "first_overflow", "198", "4", "overflow_answer",
               "That is where the loss first rises; asked is where it stops being a number.", "first rise"),
    chaff_edit("overflow_share", "first_overflow", "198", "198 / 500", "overflow_answer",
               "A whole number is asked for: the index of the iteration.", "a share of the iterations"),
    chaff_edit("l1_falls", "rises_with_l1", "24", "25", "l1_answer",
               "Count the steps from one loss to the next that go up, not those that go down.", "falls counted"),
    chaff_edit("l1_above_the_first", "rises_with_l1", "24", "0", "l1_answer",
               "No loss is above the first, but some are above the one before.", "compared with the first loss"),
    chaff_edit("l1_all", "rises_with_l1", "24", "50", "l1_answer",
               "50 is the number of losses: count those that are larger than the one before.", "all losses"),
    *[wheat_edit(f"overflow_right_{i}", "first_overflow", "198", text)
      for i, text in enumerate(("198.0", "len(range(198))", "200 - 2"))],
    *[wheat_edit(f"l1_right_{i}", "rises_with_l1", "24", text)
      for i, text in enumerate(("24.0", "len(range(24))", "4 * 6"))],
]  # fmt: skip
