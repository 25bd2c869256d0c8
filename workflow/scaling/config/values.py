"""What a value of the configuration may be: types that know their description in words."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True)
class Allowed:
    """In words, what a value may be. Stands in the annotation of a type."""

    text: str


class OneOf:
    """Stands in the annotation of a text that has to be one of some."""

    def __init__(self, *choices: str) -> None:
        self.choices = choices
        self.allowed = Allowed(f"{', '.join(choices[:-1])} or {choices[-1]}")

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def _check(self, value: str) -> str:
        if value not in self.choices:
            raise ValueError("not one of the choices")
        return value


def _different(values: list[Any]) -> list[Any]:
    if len(set(values)) != len(values):
        raise ValueError("values occur twice")
    return values


def _seeds(value: Any) -> Any:
    """Write out a number of seeds as 0, 1, 2…"""
    count = TypeAdapter(int).validate_python(value) if isinstance(value, int | str) else 0
    return list(range(count)) if count else value


Text = Annotated[str, Field(min_length=1), Allowed("a text")]
Flag = Annotated[bool, Allowed("true or false")]
Number = Annotated[float, Field(allow_inf_nan=False), Allowed("a number")]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False), Allowed("a number > 0")]
NonNegativeNumber = Annotated[float, Field(ge=0, allow_inf_nan=False), Allowed("a number ≥ 0")]
Share = Annotated[float, Field(ge=0, lt=1), Allowed("a number ≥ 0 and < 1")]
Fraction = Annotated[float, Field(gt=0, lt=1), Allowed("a number between 0 and 1")]
Count = Annotated[int, Field(ge=1), Allowed("an integer ≥ 1")]
NonNegative = Annotated[int, Field(ge=0), Allowed("an integer ≥ 0")]
Counts = Annotated[
    list[Annotated[int, Field(ge=1)]],
    Field(min_length=1),
    AfterValidator(_different),
    Allowed("a list of different integers ≥ 1"),
]
Seeds = Annotated[
    list[Annotated[int, Field(ge=0)]],
    Field(min_length=1),
    BeforeValidator(_seeds),
    AfterValidator(_different),
    Allowed("a number of seeds ≥ 1, or a list of different integers ≥ 0"),
]
