"""Claims: what a claims.yaml may say, and how a claim is measured."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Annotated, Any

from scaling.config.each import expanded
from scaling.config.errors import wrong
from scaling.described import read_options, settings_of
from scaling.kinds import (
    FLAG,
    INTEGER,
    NUMBER,
    TEXT,
    Kind,
    Mistake,
    Number,
    Positive,
    Text,
    WrongValueError,
    any_text,
    listed,
    one_of,
    shown,
)
from scaling.ledger import measures

PUBLISHED, OURS = PARTS = ("published", "ours")
KINDS = {"str": TEXT, "float": NUMBER, "int": INTEGER, "bool": FLAG}


def _named(value: Any) -> dict[str, Any]:
    if not isinstance(value, str | Mapping):
        raise TypeError("no measure")
    return {"name": value} if isinstance(value, str) else dict(value)


MEASURE = Kind(
    "measure",
    "the name of a measure, or a mapping of its name and its options",
    {"anyOf": [{"type": "string"}, {"type": "object", "required": ["name"]}]},
    _named,
)


@dataclass(kw_only=True)
class Claim:
    """What a paper claims, and how it is measured."""

    study: Annotated[Text, "study it belongs to; follows from the room it stands in"]
    paper: Annotated[Text, "paper that claims it, or ours; follows from the part it stands in"]
    source: Annotated[
        Text,
        "where in the paper; this work for a claim of ours that says nothing else; `first look`, `pilot`, `trial` or "
        "`from memory` in it marks the claim wherever it is shown",
    ]
    statement: Annotated[Text, "what is claimed; {…} is filled from published, tolerance and the options of measure"]
    unit: Annotated[str, any_text("a text"), "unit of the values"] = ""
    published: Annotated[Number | None, "published value, or for a claim of ours the one we expect"] = None
    reference: Annotated[str, one_of("published", "expected"), "whose value that is; follows from the part"] = (
        "published"
    )
    published_error: Annotated[Positive | None, "its published error"] = None
    relation: Annotated[str, one_of("=", "≤", "≥"), "measured to published"] = "="
    tolerance: Annotated[Positive | None, "absolute; by default twice the published error"] = None
    measure: Annotated[
        dict[str, Any], MEASURE, "function in the measures of the study that measures it, and its options"
    ]
    tables: Annotated[dict[str, Text], "tables it is measured on, by their place under results/<size>"]

    def __post_init__(self) -> None:
        """Check how the claim is measured; take the defaults of options, and fill the statement from all of them."""
        self.measure = _measure(self.study, self.measure)
        options = {key: value for key, value in self.measure.items() if key != "name"}
        values = {"published": self.published, "tolerance": self.tolerance}
        self.statement = _filled(self.statement, {**values, **options})


def of_room(content: Mapping[str, Any], study: str, paper: str, file: str) -> dict[str, dict[str, Any]]:
    """The claims of a study's claims.yaml, each with its study, paper and source; tables of claims are written out.

    Raises ConfigError for an unknown part, and for a claim that stands twice or is no mapping.
    """
    claims: dict[str, dict[str, Any]] = {}
    for part, entries in content.items():
        if part not in PARTS:
            raise wrong((part,), "unknown part", " and ".join(PARTS), file)
        if not isinstance(entries, Mapping):
            raise wrong((part,), shown(entries), "a mapping of claims", file)
        for name, claim in expanded(entries, [setting.name for setting in settings_of(Claim)], (part,), file).items():
            if name in claims:
                raise wrong((part, name), f"found in {PUBLISHED} too", "each name once", file)
            for key in sorted({"study", "paper"} & claim.keys()):
                raise wrong((part, name, key), shown(claim[key]), "nothing, it follows from its place", file)
            default = {"source": "this work", "reference": "expected"} if part == OURS else {}
            claims[name] = {**default, **claim, "study": study, "paper": OURS if part == OURS else paper}
    return claims


def _measure(study: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A measure that the study has, with all its options."""
    try:
        known = measures.of_study(study)
    except ValueError as error:
        found, _, allowed = str(error).partition("; allowed: ")
        raise _wrong("study", found.removeprefix("study: "), allowed or "each name once") from None
    name = asked.get("name")
    if not isinstance(name, str) or name not in known:
        raise _wrong("measure", shown(name), listed(known, str(name)))
    options = known[name].options
    kinds = {key: _kind(option.annotation) for key, option in options.items()}
    defaults = {key: option.default for key, option in options.items() if option.default is not None}
    try:
        return {"name": name, **read_options(asked, kinds, defaults)}
    except WrongValueError as error:
        raise error.at("measure") from None


def _kind(annotation: str) -> Kind:
    """The kind of an option, from its annotation."""
    if annotation.startswith("Literal["):
        return one_of(*ast.literal_eval(f"({annotation.removeprefix('Literal[').removesuffix(']')},)"))
    if annotation not in KINDS:
        raise _wrong("measure", f"found an option of type {annotation!r}", f"{', '.join(KINDS)}, Literal")
    return KINDS[annotation]


def _wrong(key: str, found: str, allowed: str) -> WrongValueError:
    return WrongValueError(Mistake((key,), found, allowed))


def _filled(statement: str, values: Mapping[str, Any]) -> str:
    """A statement with {option} replaced by the option's value, shown as `g` or as a format behind a colon says."""
    parts = []
    try:
        for text, field, form, conversion in Formatter().parse(statement):
            parts.append(text)
            if field is not None:
                if field not in values or conversion:
                    raise _wrong("statement", f"found {{{field}}}", ", ".join(f"{{{key}}}" for key in values))
                parts.append(_written(values[field], form or ""))
    except WrongValueError:
        raise
    except (ValueError, TypeError) as error:
        raise _wrong("statement", f"{error}", "a text with options in braces, such as {threshold}") from None
    return "".join(parts).strip()


def _written(value: Any, form: str) -> str:
    if isinstance(value, str):
        return format(value, form)
    return format(value, form or ("g" if isinstance(value, float) else "")).replace("-", "−")
