# Writes a C++ table of the Python sources in FILES (a ;-list), for stdlib/embedded.h. Run by the build:
#   cmake -DFILES=... -DOUT=... -P embed_python.cmake
set(text "// Made by tools/dev/embed_python.cmake.\n#include \"stdlib/embedded.h\"\n\nnamespace pystm::lib {\n\n")
set(rows "")
foreach(file ${FILES})
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND text "static const unsigned char k_${name}[] = {${bytes}0};\n")
  string(APPEND rows "    {\"${name}\", {reinterpret_cast<const char*>(k_${name}), sizeof(k_${name}) - 1}},\n")
endforeach()
string(APPEND text "\nstatic const EmbeddedModule kModules[] = {\n${rows}};\n\n")
string(APPEND text "std::span<const EmbeddedModule> embedded_modules() { return kModules; }\n\n}  // namespace pystm::lib\n")
file(WRITE ${OUT} "${text}")
