from __future__ import annotations

import pytest
from fastapi import HTTPException
from litellm.exceptions import BadRequestError, BudgetExceededError, ContextWindowExceededError, RateLimitError
from litellm.proxy._types import ProxyException, ProxyErrorTypes
from litellm.litellm_core_utils.litellm_logging import StandardLoggingPayloadSetup

from cline_gateway.spend_rows import without_words

WORDS = "words-of-somebody"

ERRORS = {
    "throttling": (RateLimitError(WORDS, "bedrock", WORDS), "RateLimitError 429", "429"),
    "a fault": (BadRequestError(WORDS, WORDS, "bedrock"), "BadRequestError 400", "400"),
    "a long prompt": (ContextWindowExceededError(WORDS, WORDS, "bedrock"), "ContextWindowExceededError 400", "400"),
    "LiteLLM's own": (ProxyException(message=WORDS, type=ProxyErrorTypes.bad_request_error, param=WORDS, code=400), "ProxyException 400", "400"),
    "the hook's": (HTTPException(400, {"error": WORDS}), "HTTPException 400", "400"),
    "a budget": (BudgetExceededError(2.0, 1.0, message=WORDS), "BudgetExceededError 422", "422"),
    "a bug": (ValueError(WORDS), "ValueError", ""),
}


@pytest.mark.parametrize(("error", "message", "code"), ERRORS.values(), ids=ERRORS.keys())
def test_a_row_names_class_and_status_only(error: Exception, message: str, code: str) -> None:
    try:
        raise error
    except Exception as raised:
        row = without_words(raised)
    information = StandardLoggingPayloadSetup.get_error_information(row)
    assert (information["error_class"], information["error_code"], information["error_message"]) == (type(error).__name__, code, message)
    assert information["traceback"] == ""
    assert WORDS not in f"{information} {row} {row!r} {vars(row)}"
    assert isinstance(row, type(error)) and WORDS in f"{error!r} {vars(error)}", "the caller's own error has changed"


def test_a_budgets_numbers_stay() -> None:
    information = StandardLoggingPayloadSetup.get_error_information(without_words(BudgetExceededError(2.0, 1.0)))
    assert (information["error_budget_spend"], information["error_budget_limit"]) == (2.0, 1.0)


class Unmade(Exception):
    def __new__(cls, needed: str) -> "Unmade":
        return super().__new__(cls, needed)


class Fixed(Exception):
    @property
    def message(self) -> str:
        return WORDS


@pytest.mark.parametrize("error", [Unmade(WORDS), Fixed(WORDS), ExceptionGroup(WORDS, [ValueError(WORDS)])], ids=["needs its words", "no setter", "a group"])
def test_an_error_that_cannot_be_made_anew_is_named_all_the_same(error: Exception) -> None:
    row = without_words(error)
    assert type(error).__name__ in str(row) and WORDS not in repr(row) + str(vars(row))
