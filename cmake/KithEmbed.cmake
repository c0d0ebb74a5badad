# cmake -DFOLDER=… -DVERSION=… -DOUTPUT=… -P KithEmbed.cmake: makes the C++ source that holds the files of the trace page.
set(source "// Made from page.html, page.css and page.js by KithEmbed.cmake.\n#include \"observe/page/page.hpp\"\n\nnamespace kith::observe {\n")
foreach(kind IN ITEMS html css js)
    file(READ "${FOLDER}/page.${kind}" content)
    string(APPEND source "\nconst std::string_view page_${kind} = R\"kith(${content})kith\";\n")
endforeach()
string(APPEND source "\nconst std::string_view version = \"${VERSION}\";\n\n} // namespace kith::observe\n")
file(WRITE "${OUTPUT}" "${source}")
