// The one translation unit that compiles Catch2's runner.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#ifdef PYSTM_ASAN
// What objects of our heap own looks leaked: LeakSanitizer does not know that heap.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }
#endif
