"""The published examples: what the code gives for them, beside what the reference gives."""

from ..errors import ChildLost, StudentError
from ..sandbox.transport import Transport
from .causes.raised import known_type
from .hints import show
from .observations import Observations

SECONDS = 2.0


def examples(observations: Observations, transport: Transport) -> dict[str, dict[str, str]]:
    """Task -> what its published example gives, up to one that ends the child.

    After that one the cells are run anew; to do so for each would take the time of the checks. They are run anew,
    too, where an example raised: who knows what else it did.
    """
    found, raised, reason = {}, False, ""
    for task, source in observations.homework.examples.items():
        try:
            observed = show(transport.request(op="example", source=source, seconds=SECONDS))
        except StudentError as error:
            observed = f"raised {known_type(error.type_name)}"
            raised |= error.type_name != "NotImplementedError"
        except ChildLost as lost:
            observed = reason = lost.reason
        with transport.aside():
            expected = observations.example(source)
        found[task] = {"source": source, "observed": observed, "expected": expected}
        if reason:
            break
    if raised:
        transport.restart()
    return found
