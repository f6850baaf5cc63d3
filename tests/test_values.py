"""Frozen values: whatever the dataclass of the standard library does, ours does too."""

import copy
import dataclasses
import inspect
import pickle

import pytest

from qtsearch.articles.model import Article, RelatedArticle
from qtsearch.query import tree
from qtsearch.values import dataclass as value_class


def _shapes(decorator):
    """The same classes by one decorator or the other."""

    @decorator
    class Empty:
        """Holds nothing."""

    @decorator
    class One:
        """Holds one thing."""

        text: str

    @decorator
    class Many:
        """Holds several things, some with defaults."""

        text: str
        count: int = 3
        parts: dict[str, int] = dataclasses.field(default_factory=dict)
        hidden: str = dataclasses.field(default="h", repr=False, compare=False)
        late: str = dataclasses.field(init=False, repr=False, compare=False)
        early: int = dataclasses.field(init=False, default=5)
        made: tuple = dataclasses.field(init=False, default_factory=tuple)

        def __post_init__(self):
            if not self.text:
                raise ValueError("no text")
            object.__setattr__(self, "late", self.text.upper())

        def __len__(self):
            return self.count

    @decorator
    class Own:
        """Says itself how it looks and what it equals."""

        text: str

        def __repr__(self):
            return f"<{self.text}>"

        def __hash__(self):
            return 7

    return Empty, One, Many, Own


OURS = _shapes(value_class(frozen=True, slots=True))
STANDARD = _shapes(dataclasses.dataclass(frozen=True, slots=True))
CALLS = [
    (0, (), {}),
    (0, (1,), {}),
    (1, ("a",), {}),
    (1, (), {"text": "a"}),
    (1, (), {}),
    (1, ("a", "b"), {}),
    (1, ("a",), {"text": "b"}),
    (1, (), {"other": 1}),
    (2, ("a",), {}),
    (2, ("a", 9), {"hidden": "x", "parts": {"b": 1}}),
    (2, ("",), {}),
    (2, ("a",), {"late": "b"}),
    (3, ("a",), {}),
]


def _outcome(classes, call):
    """All that can be seen of one instance, or the kind of error that its making raised."""
    which, args, kwargs = call
    cls = classes[which]
    try:
        value = cls(*args, **kwargs)
    except (TypeError, ValueError) as error:
        return type(error), str(error).replace("_shapes.<locals>.", "")
    names = [field.name for field in dataclasses.fields(value)]
    again = cls(*args, **kwargs)
    try:
        hashes = hash(value) == hash(again)
    except TypeError as error:
        hashes = str(error)
    return (
        repr(value),
        [(name, getattr(value, name)) for name in names],
        dataclasses.asdict(value),
        dataclasses.is_dataclass(value),
        cls.__match_args__,
        cls.__slots__,
        hasattr(value, "__dict__"),
        value == again,
        value != again,
        value == object(),
        hashes,
        bool(value) if which != 2 else len(value),
        [getattr(copied, name) for copied in (copy.copy(value), copy.deepcopy(value)) for name in names],
    )


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_classes_do_what_standard_ones_do(call):
    expected = _outcome(STANDARD, call)
    ours = _shapes(value_class(frozen=True, slots=True))
    for _ in range(4):  # the first instances are made without a compiled __init__
        assert _outcome(ours, call) == expected


def test_many_instances_are_made_by_a_compiled_method():
    _, one, _, _ = _shapes(value_class(frozen=True, slots=True))
    slow = one.__init__
    for _ in range(4):
        assert one("a").text == "a"
    assert one.__init__ is not slow
    assert one.__init__.__code__.co_varnames == ("self", "text")


def test_values_are_told_apart_by_class_and_by_what_they_compare():
    empty, one, many, _ = OURS
    assert one("a") != one("b")
    assert many("a", 1) != many("a", 2)
    assert many("a", hidden="x") == many("a", hidden="y")
    assert empty() != one("a")
    assert tree.And((tree.Words("a"),)) != tree.Or((tree.Words("a"),))


@pytest.mark.parametrize("name", ["text", "other"])
def test_nothing_can_be_set_or_deleted(name):
    value = tree.Words("a")
    with pytest.raises(dataclasses.FrozenInstanceError, match=f"cannot assign to field '{name}'"):
        setattr(value, name, "b")
    with pytest.raises(dataclasses.FrozenInstanceError, match=f"cannot delete field '{name}'"):
        delattr(value, name)
    assert value == tree.Words("a")


def test_pickle_and_replace():
    link = RelatedArticle(1, "Title", "", "/url")
    assert pickle.loads(pickle.dumps(link)) == link
    assert dataclasses.replace(link, title="Other") == RelatedArticle(1, "Other", "", "/url")
    with pytest.raises(TypeError, match="unexpected keyword argument 'other'"):
        dataclasses.replace(link, other=1)


def test_parameters_can_be_inspected():
    @value_class(frozen=True, slots=True)
    class Mine:
        first: int
        second: tuple[str, ...] = ()
        third: list[int] = dataclasses.field(default_factory=list)

    @dataclasses.dataclass(frozen=True)
    class Standard:
        first: int
        second: tuple[str, ...] = ()
        third: list[int] = dataclasses.field(default_factory=list)

    def parts(cls):
        found = inspect.signature(cls)
        return [(one.name, one.kind, one.annotation) for one in found.parameters.values()], found.return_annotation

    assert parts(Mine) == parts(Standard)
    assert inspect.signature(Mine).parameters["second"].default == ()
    with pytest.raises(TypeError, match="missing 15 required positional arguments"):
        Article()


def test_a_standard_frozen_dataclass_may_inherit():
    @dataclasses.dataclass(frozen=True)
    class Marked(RelatedArticle):
        mark: str = ""

    link = Marked(1, "Title", "", "/url", mark="new")
    assert (link.title, link.mark) == ("Title", "new")
    assert list(inspect.signature(Marked).parameters) == ["id", "title", "subject", "url", "mark"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        link.mark = "old"

    class Named(RelatedArticle):
        def __init__(self, name):
            super().__init__(1, name, "", "")

    assert list(inspect.signature(Named).parameters) == ["name"]


def test_any_other_kind_of_class_is_refused():
    with pytest.raises(TypeError, match="standard library"):
        value_class(frozen=False, slots=True)
    with pytest.raises(TypeError, match="standard library"):
        value_class(frozen=True, slots=False)
