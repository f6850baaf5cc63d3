"""What is a value? ``dataclass`` as in the standard library, for frozen classes with slots, but cheap to define.

The standard decorator writes and compiles six methods for each class: 0.5 ms. A search from the shell defines about
sixty such classes and makes instances of half of them, and it should be over in a tenth of a second. Here a class costs
0.06 ms. Its ``__init__`` is compiled, in 0.1 ms, when the fourth instance is made, and is as fast as the standard one
from then on; of most classes a search makes one. The other methods are closures, which need no compiling.

``dataclasses.fields``, ``replace``, ``asdict`` and ``is_dataclass`` work as ever, and so do ``match``, ``copy`` and
``pickle``. To type checkers this is the standard decorator.
"""

# ruff: noqa: N807 - these functions become methods

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspect import Signature

__all__ = ["dataclass"]

_FEW = 3
"""Instances that are made without a compiled ``__init__``, each in about 5 us instead of 1."""


def _dataclass(*, frozen: bool, slots: bool) -> Callable[[type], Any]:
    """Return a decorator that makes a class a frozen dataclass with slots.

    Args:
        frozen: True; named so that a class reads like any other dataclass.
        slots: True likewise.

    Raises:
        TypeError: one of them is not.
    """
    if not (frozen and slots):
        raise TypeError("for a class that is not frozen or has no slots, use the dataclass of the standard library")
    return _value_class


def _value_class(plain: type) -> Any:
    methods = vars(plain)
    # With these arguments the standard decorator compiles nothing.
    cls: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(plain)
    fields = dataclasses.fields(cls)
    names = tuple(field.name for field in fields)
    shown = [field.name for field in fields if field.repr]
    key = _values_of([field.name for field in fields if field.compare])
    state = _values_of(names)

    instances = 0

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        nonlocal instances
        instances += 1
        if instances <= _FEW and _filled(self, fields, args, kwargs):
            return
        if cls.__init__ is __init__:
            cls.__init__ = _compiled_init(cls, fields)
        cls.__init__(self, *args, **kwargs)

    def __repr__(self: Any) -> str:
        parts = ", ".join([f"{name}={getattr(self, name)!r}" for name in shown])
        return f"{type(self).__qualname__}({parts})"

    def __eq__(self: Any, other: object) -> Any:
        return key(self) == key(other) if type(other) is type(self) else NotImplemented

    def __hash__(self: Any) -> int:
        return hash(key(self))

    def __setattr__(self: Any, name: str, value: object) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self: Any, name: str) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")

    def __getstate__(self: Any) -> tuple[Any, ...]:
        return state(self)

    def __setstate__(self: Any, values: tuple[Any, ...]) -> None:
        for name, value in zip(names, values, strict=True):
            object.__setattr__(self, name, value)

    # What other decorators, and whoever inherits, are told: that it is as the standard one would have made it.
    params = cls.__dataclass_params__
    params.init = params.repr = params.eq = params.frozen = True
    cls.__signature__ = _Signature(cls)

    made = (__init__, __repr__, __eq__, __hash__, __setattr__, __delattr__, __getstate__, __setstate__)
    for method in made:
        if method.__name__ not in methods:  # what a class defines itself stays
            method.__qualname__ = f"{cls.__qualname__}.{method.__name__}"
            setattr(cls, method.__name__, method)
    return cls


class _Signature:
    """Makes the signature of a class when somebody looks at it; a class that inherits shows its own."""

    def __init__(self, cls: type) -> None:
        self._cls = cls

    def __get__(self, value: object, owner: type) -> Signature:
        if owner is not self._cls:
            raise AttributeError("__signature__")
        from inspect import signature  # takes longer to load than all else here

        made = signature(_compiled_init(owner, dataclasses.fields(owner)))
        types = {field.name: field.type for field in dataclasses.fields(owner)}
        parameters = [one.replace(annotation=types[one.name]) for one in list(made.parameters.values())[1:]]
        return made.replace(parameters=parameters, return_annotation=None)


def _values_of(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what makes a tuple of these attributes; ``attrgetter`` does so for two or more."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple([getattr(value, name) for name in names])


def _filled(
    value: Any, fields: Sequence[dataclasses.Field[Any]], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> bool:
    """Do what ``__init__`` does, and return True; False where that must be called to say what is wrong with them."""
    parameters = [field.name for field in fields if field.init]
    given = dict(zip(parameters, args, strict=False)) | kwargs
    if len(given) != len(args) + len(kwargs) or not given.keys() <= set(parameters):
        return False
    for field in fields:
        if field.name in given:
            object.__setattr__(value, field.name, given[field.name])
        elif field.default_factory is not dataclasses.MISSING:
            object.__setattr__(value, field.name, field.default_factory())
        elif field.default is not dataclasses.MISSING:
            object.__setattr__(value, field.name, field.default)
        elif field.init:
            return False
    if hasattr(value, "__post_init__"):
        value.__post_init__()
    return True


def _compiled_init(cls: type, fields: Sequence[dataclasses.Field[Any]]) -> Any:
    """Compile the ``__init__`` that the standard decorator would write."""
    known: dict[str, Any] = {"_absent": dataclasses.MISSING}
    parameters = ["self"]
    lines = []
    for field in fields:
        value = field.name
        # The slot itself sets a value in two thirds of the time of object.__setattr__, which looks for it by name.
        known[f"_set_{value}"] = getattr(cls, value).__set__
        known[f"_default_{value}"] = field.default
        known[f"_factory_{value}"] = field.default_factory
        has_factory = field.default_factory is not dataclasses.MISSING
        if field.init:
            has_default = has_factory or field.default is not dataclasses.MISSING
            default = "_absent" if has_factory else f"_default_{value}"
            parameters.append(f"{field.name}={default}" if has_default else field.name)
            if has_factory:
                value = f"_factory_{value}() if {value} is _absent else {value}"
        elif has_factory:
            value = f"_factory_{value}()"
        elif field.default is not dataclasses.MISSING:
            value = f"_default_{value}"
        else:  # left for __post_init__ to set
            continue
        lines.append(f" _set_{field.name}(self, {value})\n")
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()\n")
    source = f"def __init__({', '.join(parameters)}):\n{''.join(lines) or ' pass'}"
    exec(source, known)  # it holds nothing but names of fields
    method = known["__init__"]
    method.__qualname__ = f"{cls.__qualname__}.__init__"
    return method


if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _dataclass
