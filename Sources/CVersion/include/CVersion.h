// The version of the program, stated here only: `make lint` checks that CITATION.cff agrees.
#ifndef GANINSAR_CVERSION_H
#define GANINSAR_CVERSION_H

#define GANINSAR_VERSION "0.1.0"

/// The commit that the program was built from, as 12 digits; with "-modified" behind it if tracked files
/// differed from the commit; "unknown" if the build was not started by `make`. Never null, lives for ever.
const char *_Nonnull ganinsar_commit(void);

#endif
