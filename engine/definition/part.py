"""What the parts of a definition are made of: frozen models declared by their annotations, and what a value must be.

A class declares its keys once. Published documents are read by `engine.definition.reading`, which follows the
annotations and needs nothing else. Files are read by pydantic, which says everything that is wrong and where; it is
loaded only then, and takes the same annotations: `Field` and `BeforeValidator` are named as there, and turn
into its own when it asks. A key that Python has taken ends in `_` here (`from_`). It must not know any part.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Final, Union, dataclass_transform, get_type_hints

MISSING: Final = dataclasses.MISSING
_FIELDS: Final = "__dataclass_fields__"


class Constraint:
    """What a value must meet, beside being of its type, and what it is when it is left out."""

    __is_annotated_types_grouped_metadata__ = True
    """Pydantic looks into it for rules of its own."""

    def __init__(self, default: Any = MISSING, default_factory: Any = MISSING, **rules: Any) -> None:
        self.default = default
        self.default_factory = default_factory
        self.rules: Mapping[str, Any] = rules

    @property
    def is_required(self) -> bool:
        """Whether it may not be left out."""
        return self.default is MISSING and self.default_factory is MISSING

    def initial(self) -> Any:
        """What it is when it is left out."""
        return self.default if self.default_factory is MISSING else self.default_factory()

    def __iter__(self) -> Iterator[Any]:
        from pydantic import Field as Theirs  # noqa: PLC0415  only where files are read

        yield from Theirs(**self.rules).metadata


def Field(  # noqa: N802  named as in pydantic, as `dataclass_transform` wants it
    *,
    default: Any = MISSING,
    default_factory: Any = MISSING,
    pattern: str | None = None,
    min_length: int | None = None,
    max_length: int | None = None,
    ge: int | None = None,
) -> Any:
    """A key of a model that has a default or must meet something; or, in `Annotated`, what a type must meet."""
    rules = {"pattern": pattern, "min_length": min_length, "max_length": max_length, "ge": ge}
    given = {name: rule for name, rule in rules.items() if rule is not None}
    return Constraint(default, default_factory, **given)


class BeforeValidator:
    """In `Annotated`: what is done with a value before it is read as its type."""

    def __init__(self, func: Callable[[Any], Any]) -> None:
        self.func = func

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic import BeforeValidator as Theirs  # noqa: PLC0415  only where files are read

        return Theirs(self.func).__get_pydantic_core_schema__(source, handler)


class PlainValidator:
    """In `Annotated`: what makes the value, whatever the type says."""

    def __init__(self, func: Callable[[Any], Any]) -> None:
        self.func = func

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic import PlainValidator as Theirs  # noqa: PLC0415  only where files are read

        return Theirs(self.func).__get_pydantic_core_schema__(source, handler)


class Tagged:
    """In `Annotated`: a mapping with one key, which tells the model that it is.

    Args:
        kinds: Key -> model.
        tag: The key of a value, or of a model that is there already; None when it has not one key.
        spread: What is done with a value before its key is asked for.
    """

    def __init__(
        self,
        kinds: Mapping[str, type[Model]],
        tag: Callable[[Any], str | None],
        spread: Callable[[Any], Any],
    ) -> None:
        self.kinds = kinds
        self.tag = tag
        self.spread = spread

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic import BeforeValidator as Before  # noqa: PLC0415  only where files are read
        from pydantic import Discriminator, Tag  # noqa: PLC0415

        members = tuple(Annotated[kind, Tag(key)] for key, kind in self.kinds.items())
        return handler.generate_schema(
            Annotated[Union[members], Discriminator(self.tag), Before(self.spread)]  # noqa: UP007
        )


class _AsDataclass:
    """Makes a model a dataclass in the eyes of whoever asks for its fields: pydantic, and `dataclasses.replace`."""

    def __get__(self, _: object, owner: type[Model]) -> Any:
        own = {name: owner.declared[name] for name in owner.__annotations__ if name in owner.declared}
        for name, one in own.items():
            told = dict(one.rules) | ({"alias": key_of(name)} if key_of(name) != name else {})
            given: dict[str, Any] = {} if one.is_required else {"default_factory": one.initial}
            setattr(owner, name, dataclasses.field(metadata=told, **given))
        delattr(owner, _FIELDS)
        dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=True)(owner)
        return owner.__dict__[_FIELDS]


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(Field,))
class Model:
    """Frozen, and refuses words it does not know. Its parts are given by name."""

    declared: ClassVar[Mapping[str, Constraint]] = {}
    """Name in Python -> what is declared of it, those of its bases first."""
    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    def __init_subclass__(cls) -> None:
        found = dict(cls.declared)
        for name, annotation in cls.__annotations__.items():
            if annotation.startswith("ClassVar"):
                continue
            default = cls.__dict__.get(name, MISSING)
            found[name] = default if isinstance(default, Constraint) else Constraint(default)
            if name in cls.__dict__:
                delattr(cls, name)
        cls.declared = found
        setattr(cls, _FIELDS, _AsDataclass())

    def __init__(self, **parts: Any) -> None:
        declared = type(self).declared
        if not parts.keys() <= declared.keys():
            raise TypeError(f"{type(self).__name__}: {', '.join(parts.keys() - declared.keys())}")
        if lacking := [name for name, one in declared.items() if one.is_required and name not in parts]:
            raise TypeError(f"{type(self).__name__}: {', '.join(lacking)}")
        self.__dict__.update(
            {name: parts[name] if name in parts else one.initial() for name, one in declared.items()}
        )

    def __setattr__(self, name: str, value: object) -> None:
        raise dataclasses.FrozenInstanceError(name)

    def __delattr__(self, name: str) -> None:
        raise dataclasses.FrozenInstanceError(name)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in type(self).declared)

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in type(self).declared)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in type(self).declared)})"


def key_of(name: str) -> str:
    """The key as it is written: `from_` is `from`."""
    return name.rstrip("_")


def hints_of(kind: type[Model]) -> Mapping[str, Any]:
    """Name in Python -> its annotation, for every key of a model."""
    found = kind.__dict__.get("_hints")
    if found is None:
        hints = get_type_hints(kind, include_extras=True)
        found = {name: hints[name] for name in kind.declared}
        type.__setattr__(kind, "_hints", found)
    return found
