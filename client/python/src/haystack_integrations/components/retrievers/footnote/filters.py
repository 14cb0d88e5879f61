"""Filters of Haystack as ours."""

from __future__ import annotations

from typing import Any

from footnote.v1 import Condition, Filter

_OPERATORS = {
    "==": Condition.OPERATOR_EQ,
    "!=": Condition.OPERATOR_NE,
    ">": Condition.OPERATOR_GT,
    ">=": Condition.OPERATOR_GTE,
    "<": Condition.OPERATOR_LT,
    "<=": Condition.OPERATOR_LTE,
    "in": Condition.OPERATOR_IN,
    "not in": Condition.OPERATOR_NIN,
}


def to_filter(filters: dict[str, Any]) -> Filter:
    """Returns the filter; `meta.x` is the field `x`.

    Raises:
        ValueError: There is an operator that Haystack does not have.
    """
    operator = filters["operator"]
    if "field" in filters:
        if operator not in _OPERATORS:
            raise ValueError(f"no operator {operator!r} in {filters}")
        condition = Condition(
            field=filters["field"].removeprefix("meta."), op=_OPERATORS[operator]
        )
        _set(condition, filters["value"])
        return Filter(condition=condition)
    inner = [to_filter(one) for one in filters["conditions"]]
    result = Filter()
    match operator:
        case "AND" | "OR":
            getattr(result, operator.lower()).filters.extend(inner)
        case "NOT":  # not all of them
            all_of = getattr(getattr(result, "not"), "and")
            all_of.filters.extend(inner)
        case _:
            raise ValueError(f"no operator {operator!r} in {filters}")
    return result


def _set(condition: Condition, value: Any) -> None:
    if isinstance(value, list):
        condition.value.list_value.extend(value)
    elif isinstance(value, bool):
        condition.value.bool_value = value
    elif isinstance(value, int | float):
        condition.value.number_value = value
    else:
        condition.value.string_value = str(value)
