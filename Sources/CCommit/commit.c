// GANINSAR_COMMIT comes from the environment of the build: see Package.swift and scripts/commit.sh.
#ifndef GANINSAR_COMMIT
#define GANINSAR_COMMIT "unknown"
#endif

extern const char *const ganinsar_built_commit;
const char *const ganinsar_built_commit = GANINSAR_COMMIT;
