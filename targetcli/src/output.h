// SPDX-License-Identifier: GPL-2.0-or-later
// Output: collects what a command says, already separated into standard output and standard error,
// so that the shell core stays a function and the front ends alone touch file descriptors.
#ifndef LUNAR_TARGETCLI_OUTPUT_H_
#define LUNAR_TARGETCLI_OUTPUT_H_

#include <string>
#include <string_view>

namespace lunar::cli {

class Prefs;

/** What is known of the terminal. Off a terminal listings are 132 columns wide and never coloured.
 */
struct Screen {
  static constexpr int kMaxWidth = 132;
  bool tty = false;
  int width = kMaxWidth;
};

class Output {
 public:
  Output(const Prefs& prefs, Screen screen) : prefs_(prefs), screen_(screen) {}

  /** A line of standard output that no log level hides. */
  void display(std::string_view text);
  /** Text as it is, without a line end added. */
  void raw(std::string_view text) { out_ += text; }
  /** Messages; the preference loglevel_console may hide them, errors go to standard error. */
  void info(std::string_view text);
  void warning(std::string_view text);
  void error(std::string_view text);
  /** A line in brackets on standard error, for a person. */
  void note(std::string_view text);

  /** Wraps text in ANSI sequences when standard output is a terminal and color_mode is on. */
  std::string paint(std::string_view text, std::string_view color, bool bold = false,
                    bool underline = false) const;
  bool colored() const;
  int width() const;

  std::string take_out() { return std::move(out_); }
  std::string take_err() { return std::move(err_); }

 private:
  void log(std::string_view level, std::string_view color, std::string_view text, bool to_err);

  const Prefs& prefs_;
  Screen screen_;
  std::string out_;
  std::string err_;
};

/** The SGR sequence of a colour name of the preferences; "" for none and default. */
std::string color_code(std::string_view name);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_OUTPUT_H_
