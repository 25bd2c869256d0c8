"""Claims: what a claims.yaml may say, and how a claim is measured."""

from collections.abc import Mapping
from functools import cache
from string import Formatter
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from scaling.config.each import expanded
from scaling.config.errors import ConfigError, shown, unknown_key
from scaling.config.values import Allowed, Flag, Number, OneOf, Positive, Text
from scaling.ledger import measures

PUBLISHED, OURS = PARTS = ("published", "ours")
MEASURE = "the name of a measure, or a mapping of its name and its options"
ANNOTATIONS: dict[str, tuple[Any, str]] = {
    "str": (Text, "a text"),
    "float": (Number, "a number"),
    "int": (int, "an integer"),
    "bool": (Flag, "true or false"),
}


def _named(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


class Claim(BaseModel):
    model_config = ConfigDict(extra="forbid")

    study: Text = Field(description="study it belongs to; follows from the room it stands in")
    paper: Text = Field(description="paper that claims it, or ours; follows from the part it stands in")
    source: Text = Field(description="where in the paper; this work for a claim of ours that says nothing else")
    statement: Text = Field(
        description="what is claimed; {…} is filled from published, tolerance and the options of measure"
    )
    unit: Annotated[str, Allowed("a text")] = Field(default="", description="unit of the values")
    published: Number | None = Field(default=None, description="published value")
    published_error: Positive | None = Field(default=None, description="its published error")
    relation: Annotated[Literal["=", "≤", "≥"], Allowed("=, ≤ or ≥")] = Field(
        default="=", description="measured to published"
    )
    tolerance: Positive | None = Field(default=None, description="absolute; by default twice the published error")
    measure: Annotated[dict[str, Any], BeforeValidator(_named), Allowed(MEASURE)] = Field(
        description="function in the measures of the study that measures it, and its options"
    )
    tables: dict[str, Text] = Field(description="tables it is measured on, by their place under results/<size>")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Check how the claim is measured; take the defaults of options, and fill the statement from all of them."""
        self.measure = _measure(self.study, self.measure)
        options = {key: value for key, value in self.measure.items() if key != "name"}
        values = {"published": self.published, "tolerance": self.tolerance}
        self.statement = _filled(self.statement, {**values, **options})
        return self


def of_room(content: Mapping[str, Any], study: str, paper: str, file: str) -> dict[str, dict[str, Any]]:
    """The claims of a study's claims.yaml, each with its study, paper and source; tables of claims are written out.

    Raises ConfigError for an unknown part, and for a claim that stands twice or is no mapping.
    """
    claims: dict[str, dict[str, Any]] = {}
    for part, entries in content.items():
        if part not in PARTS:
            raise ConfigError((part,), "unknown part", " and ".join(PARTS), file)
        if not isinstance(entries, Mapping):
            raise ConfigError((part,), shown(entries), "a mapping of claims", file)
        for name, claim in expanded(entries, Claim.model_fields, (part,), file).items():
            if name in claims:
                raise ConfigError((part, name), f"found in {PUBLISHED} too", "each name once", file)
            for key in sorted({"study", "paper"} & claim.keys()):
                raise ConfigError((part, name, key), shown(claim[key]), "nothing, it follows from its place", file)
            default = {"source": "this work"} if part == OURS else {}
            claims[name] = {**default, **claim, "study": study, "paper": OURS if part == OURS else paper}
    return claims


def _measure(study: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A measure that the study has, with all its options."""
    try:
        known = measures.of_study(study)
    except ValueError as error:
        found, _, allowed = str(error).partition("; allowed: ")
        raise ConfigError(("study",), found.removeprefix("study: "), allowed or "each name once") from None
    name = asked.get("name")
    if not isinstance(name, str) or name not in known:
        raise ConfigError(("measure",), shown(name), ", ".join(sorted(known)) or "nothing (there are none)")
    options = known[name].options
    for key in asked:
        if key not in {"name", *options}:
            raise unknown_key(("measure", key), ["name", *options])
    return {"name": name, **{key: _option(key, option, asked) for key, option in options.items()}}


def _option(key: str, option: measures.Option, asked: Mapping[str, Any]) -> Any:
    adapter, words = _kind(option.annotation)
    if key not in asked and option.default is None:
        raise ConfigError(("measure", key), "missing", words)
    value = asked.get(key, option.default)
    try:
        return adapter.validate_python(value)
    except ValidationError:
        raise ConfigError(("measure", key), shown(value), words) from None


@cache
def _kind(annotation: str) -> tuple[TypeAdapter[Any], str]:
    """What an option is checked with, and its type in words."""
    if annotation.startswith("Literal["):
        choices = [part.strip(" '\"") for part in annotation.removeprefix("Literal[").removesuffix("]").split(",")]
        return TypeAdapter(Annotated[str, OneOf(*choices)]), f"one of {', '.join(choices)}"
    if annotation not in ANNOTATIONS:
        raise ConfigError(("measure",), f"found an option of type {annotation!r}", f"{', '.join(ANNOTATIONS)}, Literal")
    kind, words = ANNOTATIONS[annotation]
    return TypeAdapter(kind), words


def _filled(statement: str, values: Mapping[str, Any]) -> str:
    """A statement with {option} replaced by the option's value, shown as `g` or as a format behind a colon says."""
    parts = []
    try:
        for text, field, form, conversion in Formatter().parse(statement):
            parts.append(text)
            if field is not None:
                if field not in values or conversion:
                    raise ConfigError(("statement",), f"found {{{field}}}", ", ".join(f"{{{key}}}" for key in values))
                parts.append(_written(values[field], form or ""))
    except ConfigError:
        raise
    except (ValueError, TypeError) as error:
        raise ConfigError(("statement",), f"{error}", "a text with options in braces, such as {threshold}") from None
    return "".join(parts).strip()


def _written(value: Any, form: str) -> str:
    if isinstance(value, str):
        return format(value, form)
    return format(value, form or ("g" if isinstance(value, float) else "")).replace("-", "−")
