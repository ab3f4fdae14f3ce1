// SPDX-License-Identifier: GPL-2.0-or-later
// Handing an error up: the two statements that otherwise would be written after every call.
#ifndef LUNAR_SRC_TRY_H_
#define LUNAR_SRC_TRY_H_

#include <utility>

#include "lunar/result.h"

// Evaluates a Status or Result; returns its error from the enclosing function.
#define LUNAR_TRY(expression)                                                              \
  do {                                                                                     \
    if (auto try_status = (expression); !try_status) return std::move(try_status).error(); \
  } while (0)

// Evaluates a Result; returns its error, or declares `name` as its value.
#define LUNAR_TRY_ASSIGN(name, expression)                     \
  auto name##_result = (expression);                           \
  if (!name##_result) return std::move(name##_result).error(); \
  auto name = *std::move(name##_result)

#endif  // LUNAR_SRC_TRY_H_
