# SPDX-License-Identifier: Apache-2.0
#
# usage: cmake -D PROGRAMS=... -D HEADER_PACKAGES=... -D UPLOT=FILE -D VERSION=... -D OUT=FILE -P deploy/sbom.cmake
#
# Writes what the programs are made of as an SPDX 2.3 document: each shared library that they load, by the package and
# version that dpkg knows it from, the packages whose headers are compiled into them, and uPlot, a copy of which
# kansokuctl gives to the sites it publishes. Lists are separated by semicolons. SOURCE_DATE_EPOCH makes two runs equal.
cmake_minimum_required(VERSION 3.25)

# The answer of dpkg-query to one package, in its own words.
function(ask_dpkg format package out)
  execute_process(COMMAND dpkg-query -W "-f=${format}" ${package}
    OUTPUT_VARIABLE answer RESULT_VARIABLE failed ERROR_VARIABLE error)
  if(failed)
    message(FATAL_ERROR "sbom: dpkg does not know ${package}: ${error}")
  endif()
  set(${out} "${answer}" PARENT_SCOPE)
endfunction()

# The package that a library's file is from. dpkg may know it by its place before /lib became /usr/lib.
function(package_of library out)
  string(REGEX REPLACE "^/usr/" "/" former_place "${library}")
  foreach(place IN ITEMS "${library}" "${former_place}")
    execute_process(COMMAND dpkg-query -S "${place}" OUTPUT_VARIABLE found RESULT_VARIABLE failed ERROR_QUIET)
    if(NOT failed)
      string(REGEX REPLACE ": .*" "" package "${found}")
      set(${out} "${package}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "sbom: ${library} is of no package: install the library from Debian's")
endfunction()

# A name as part of an identifier, which has letters, digits, dots and hyphens.
function(id_of kind name out)
  string(REGEX REPLACE "[^A-Za-z0-9.]" "-" id "SPDXRef-${kind}-${name}")
  set(${out} "${id}" PARENT_SCOPE)
endfunction()

function(add_relationship from type to)
  set_property(GLOBAL APPEND PROPERTY relationships
    "{\"spdxElementId\": \"${from}\", \"relationshipType\": \"${type}\", \"relatedSpdxElement\": \"${to}\"}")
endfunction()

# Once for each package.
function(add_package package out)
  id_of(Package "${package}" id)
  set(${out} "${id}" PARENT_SCOPE)
  get_property(known GLOBAL PROPERTY known_packages)
  if(id IN_LIST known)
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY known_packages "${id}")
  ask_dpkg("\${Package}" "${package}" name)
  ask_dpkg("\${Version}" "${package}" version)
  ask_dpkg("\${Architecture}" "${package}" architecture)
  ask_dpkg("\${source:Package} \${source:Version}" "${package}" source)
  string(REPLACE "+" "%2B" purl "pkg:deb/debian/${name}@${version}?arch=${architecture}")
  set_property(GLOBAL APPEND PROPERTY packages "{\"SPDXID\": \"${id}\", \"name\": \"${name}\", \
\"versionInfo\": \"${version}\", \"sourceInfo\": \"built from: ${source}\", \"supplier\": \"Organization: Debian\", \
\"downloadLocation\": \"NOASSERTION\", \"filesAnalyzed\": false, \"externalRefs\": [{\"referenceCategory\": \
\"PACKAGE-MANAGER\", \"referenceType\": \"purl\", \"referenceLocator\": \"${purl}\"}]}")
endfunction()

# Once for each library, with the package it is from.
function(add_library_file library out)
  id_of(File "${library}" id)
  set(${out} "${id}" PARENT_SCOPE)
  get_property(known GLOBAL PROPERTY known_files)
  if(id IN_LIST known)
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY known_files "${id}")
  file(SHA1 "${library}" sha1)
  file(SHA256 "${library}" sha256)
  set_property(GLOBAL APPEND PROPERTY files "{\"SPDXID\": \"${id}\", \"fileName\": \".${library}\", \"checksums\": \
[{\"algorithm\": \"SHA1\", \"checksumValue\": \"${sha1}\"}, {\"algorithm\": \"SHA256\", \"checksumValue\": \
\"${sha256}\"}]}")
  package_of("${library}" package)
  add_package("${package}" package_id)
  add_relationship("${package_id}" CONTAINS "${id}")
endfunction()

# The copy says its version in its first line.
file(STRINGS "${UPLOT}" uplot_banner LIMIT_COUNT 1 REGEX "uPlot \\(v[0-9.]+\\)")
if(NOT uplot_banner MATCHES "uPlot \\(v([0-9.]+)\\)")
  message(FATAL_ERROR "sbom: ${UPLOT} does not say its version")
endif()
set(uplot_version ${CMAKE_MATCH_1})
set_property(GLOBAL APPEND PROPERTY packages "{\"SPDXID\": \"SPDXRef-Package-uplot\", \"name\": \"uplot\", \
\"versionInfo\": \"${uplot_version}\", \"licenseDeclared\": \"MIT\", \"downloadLocation\": \"NOASSERTION\", \
\"filesAnalyzed\": false, \"externalRefs\": [{\"referenceCategory\": \"PACKAGE-MANAGER\", \
\"referenceType\": \"purl\", \"referenceLocator\": \"pkg:npm/uplot@${uplot_version}\"}]}")
add_relationship(SPDXRef-Package-kansokuctl CONTAINS SPDXRef-Package-uplot)

foreach(program IN LISTS PROGRAMS)
  get_filename_component(name "${program}" NAME)
  id_of(Package "${name}" program_id)
  set_property(GLOBAL APPEND PROPERTY packages "{\"SPDXID\": \"${program_id}\", \"name\": \"${name}\", \
\"versionInfo\": \"${VERSION}\", \"downloadLocation\": \"NOASSERTION\", \"filesAnalyzed\": false, \
\"licenseDeclared\": \"Apache-2.0\", \"primaryPackagePurpose\": \"APPLICATION\"}")
  add_relationship(SPDXRef-DOCUMENT DESCRIBES "${program_id}")
  file(GET_RUNTIME_DEPENDENCIES EXECUTABLES "${program}" RESOLVED_DEPENDENCIES_VAR libraries)
  foreach(library IN LISTS libraries)
    file(REAL_PATH "${library}" library)
    add_library_file("${library}" file_id)
    add_relationship("${program_id}" DYNAMIC_LINK "${file_id}")
  endforeach()
  foreach(package IN LISTS HEADER_PACKAGES)
    add_package("${package}" package_id)
    add_relationship("${package_id}" BUILD_DEPENDENCY_OF "${program_id}")
  endforeach()
endforeach()

foreach(part IN ITEMS packages files relationships)
  get_property(${part} GLOBAL PROPERTY ${part})
  list(JOIN ${part} ",\n    " ${part})
endforeach()
string(TIMESTAMP created "%Y-%m-%dT%H:%M:%SZ" UTC)
string(SHA256 contents "${packages}${files}${relationships}")
set(document "{
  \"spdxVersion\": \"SPDX-2.3\",
  \"dataLicense\": \"CC0-1.0\",
  \"SPDXID\": \"SPDXRef-DOCUMENT\",
  \"name\": \"kansoku-${VERSION}\",
  \"documentNamespace\": \"https://spdx.org/spdxdocs/kansoku-${VERSION}-${contents}\",
  \"creationInfo\": {\"created\": \"${created}\", \"creators\": [\"Tool: deploy/sbom.cmake\"]},
  \"packages\": [
    ${packages}],
  \"files\": [
    ${files}],
  \"relationships\": [
    ${relationships}]
}
")
string(JSON count ERROR_VARIABLE error LENGTH "${document}" packages)
if(error)
  message(FATAL_ERROR "sbom: what was written is no JSON: ${error}")
endif()
file(WRITE "${OUT}" "${document}")
