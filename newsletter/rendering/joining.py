"""Templates compiled so that what they put together, and go through, stays within bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame

from newsletter.rendering import bounds


class Joining(CodeGenerator):
    """Compiles what puts texts and lists together so that it is done within bounds, and loops so that they are counted.

    Only where the environment has bounds.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._looped: set[int] = set()

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802  Jinja2's name
        """Write the code of a loop."""
        if hasattr(self.environment, bounds.turns.__name__):
            self._looped.add(id(node.iter))
        super().visit_For(node, frame)

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        """Write the code of anything; what a loop goes through is counted."""
        if id(node) not in self._looped:
            return super().visit(node, *args, **kwargs)
        self.write(f"environment.{bounds.turns.__name__}(")
        super().visit(node, *args, **kwargs)
        self.write(")")
        return None

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802  Jinja2's name
        """Write the code of `~`."""
        self._within(bounds.within_bounds.__name__, super().visit_Concat, node, frame)

    def visit_List(self, node: nodes.List, frame: Frame) -> None:  # noqa: N802  Jinja2's name
        """Write the code of a list."""
        self._within(bounds.made.__name__, super().visit_List, node, frame)

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:  # noqa: N802  Jinja2's name
        """Write the code of a dictionary."""
        self._within(bounds.made.__name__, super().visit_Dict, node, frame)

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:  # noqa: N802  Jinja2's name
        """Write the code of a tuple; names that are given values stand in one, too."""
        if node.ctx == "load":
            self._within(bounds.made.__name__, super().visit_Tuple, node, frame)
        else:
            super().visit_Tuple(node, frame)

    def buffer(self, frame: Frame) -> None:
        """Write the code that begins what a macro or a block writes."""
        if not hasattr(self.environment, "texts"):
            super().buffer(frame)
            return
        frame.buffer = self.temporary_identifier()
        self.writeline(f"{frame.buffer} = environment.texts()")

    def _within(self, bound: str, write: Callable[[Any, Frame], None], node: nodes.Node, frame: Frame) -> None:
        if not hasattr(self.environment, bound):
            write(node, frame)
            return
        self.write(f"environment.{bound}(")
        write(node, frame)
        self.write(")")
