// What fontconfig keeps for a thread that drew a receipt and has ended is its own: two threads of a
// gateway draw, and last as long as it does.

// The name is LeakSanitizer's, which calls it.
// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
extern "C" const char* __lsan_default_suppressions();
// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig\n"; }
