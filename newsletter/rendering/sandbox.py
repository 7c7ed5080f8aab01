"""What templates may do: look at values and put texts together, within bounds, and nothing else."""

from __future__ import annotations

from types import MethodType
from typing import Any

from jinja2.environment import TemplateModule
from jinja2.runtime import Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel

from newsletter.config import Settings
from newsletter.rendering import bounds
from newsletter.rendering.fragments import Asked, Fragments, IncludingGenerator, ReadingContext
from newsletter.rendering.localisation import Words
from newsletter.rendering.tokens import Palette, Tokens
from newsletter.rendering.views import Dated, Deadline, EntryView, IssueView, Logo, SectionView, Shown, Tongue

# They never change; their attributes are data, a template's own macros, and ways to say things.
_FROZEN = frozenset(
    {
        Dated,
        Deadline,
        EntryView,
        IssueView,
        Logo,
        Palette,
        SectionView,
        Settings,
        Shown,
        TemplateModule,
        Tokens,
        Tongue,
        Words,
    }
)
_PLAIN = (_FROZEN - {Settings}) | {LoopContext}


class Sandbox(ImmutableSandboxedEnvironment):
    """A sandbox that lets templates look into our own frozen values without asking each time whether they may."""

    code_generator_class = IncludingGenerator
    context_class = ReadingContext
    intercepted_binops = bounds.WATCHED
    concat = staticmethod(bounds.concat)
    within_bounds = staticmethod(bounds.within_bounds)
    made = staticmethod(bounds.made)
    texts = bounds.Texts
    turns = staticmethod(bounds.turns)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.fragments = Fragments(self, _FROZEN)
        for name in bounds.FILTERS:
            self.filters[name] = bounds.watched(name, self.filters[name])
        self.globals["range"] = bounds.counting_range
        # It writes another text each time.
        del self.globals["lipsum"]

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Work out what an operator makes, unless that is too large."""
        bounds.check_operator(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a macro, or a function that we gave, at once, and anything else only if it is safe and not too much."""
        kind = type(obj)
        if kind is Macro:
            bounds.spend(1)
        elif kind is LoopContext and args:
            # A loop that goes through itself.
            args = (bounds.turns(args[0]), *args[1:])
        if kind is Macro or kind is Asked or (kind is MethodType and type(obj.__self__) is Words):
            # Jinja2 hands the variables around a call to functions that want the context; these do not.
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            return obj(*args, **kwargs)
        # The sandbox gives a function of its own for the format of a text.
        method = getattr(obj, "__wrapped__", obj)
        text = getattr(method, "__self__", None)
        if isinstance(text, str):
            args = tuple(bounds.listed(each) for each in args)
            bounds.check_method(method.__name__, text, (*args, *kwargs.values()))
        return bounds.made(super().call(context, obj, *args, **kwargs))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute, or what stands for one that is missing."""
        if type(obj) in _PLAIN and attribute[:1] != "_":
            try:
                return getattr(obj, attribute)
            except AttributeError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Return whether a template may have an attribute: of settings and entries the values, and what a team adds.

        What Pydantic gives every model besides reads files, and runs what it unpickles. Nor does any email have a use
        for bytes, whose methods make much of little.
        """
        if isinstance(obj, bytes) or attr == "to_bytes":
            return False
        if isinstance(obj, BaseModel) and hasattr(BaseModel, attr) and attr not in type(obj).model_fields:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an item, or an attribute as filters such as `selectattr` ask for it."""
        return self.getattr(obj, argument) if type(obj) in _FROZEN else super().getitem(obj, argument)
