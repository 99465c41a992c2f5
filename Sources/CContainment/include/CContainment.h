// Restricts a process before it opens untrusted files.
#ifndef CCONTAINMENT_H
#define CCONTAINMENT_H

// Makes this process end when its parent ends. Returns 0, or -1 on failure.
int ccontain_die_with_parent(void);

// Forbids non-local sockets and starting other programs. Returns 0, or -1 if the kernel does not
// support it.
int ccontain_deny_network(void);

#endif
