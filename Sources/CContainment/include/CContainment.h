// What a process gives up before it opens files that strangers made.
#ifndef CCONTAINMENT_H
#define CCONTAINMENT_H

// Ends this process when the one that forked it ends. 0, or -1.
int ccontain_die_with_parent(void);

// From now on, no socket but a local one and no other program. 0, or -1 where the kernel cannot.
int ccontain_deny_network(void);

#endif
