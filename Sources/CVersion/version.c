#include "CVersion.h"

// Defined by CCommit, which products link beside the program but no Swift target depends on: a new commit
// then compiles one line of C and links again. Where CCommit is not linked (tests), it is null.
extern const char *const ganinsar_built_commit __attribute__((weak));

const char *ganinsar_commit(void) {
  return &ganinsar_built_commit ? ganinsar_built_commit : "unknown";
}
