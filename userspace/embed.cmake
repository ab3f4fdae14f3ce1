# SPDX-License-Identifier: GPL-2.0-or-later
# Writes OUTPUT, a C++ source that holds the text of every file in INPUTS.
set(text "// Made from configfs-schema/*.json; do not edit.\n#include \"schema_data.h\"\n\n")
string(APPEND text "namespace lunar {\n\nconst std::map<std::string, std::string>& schema_data() {\n")
string(APPEND text "  static const std::map<std::string, std::string> files = {\n")
foreach(input ${INPUTS})
  get_filename_component(name ${input} NAME)
  file(READ ${input} content)
  string(APPEND text "      {\"${name}\", R\"schema(${content})schema\"},\n")
endforeach()
string(APPEND text "  };\n  return files;\n}\n\n}  // namespace lunar\n")
file(WRITE ${OUTPUT} "${text}")
