// The zlib functions that a PNG and a few checksums need, declared here so that no development
// package is required: every Debian and Ubuntu has libz.so.1.
#ifndef CZLIB_H
#define CZLIB_H
#ifdef __cplusplus
extern "C" {
#endif
unsigned long compressBound(unsigned long sourceLength);
/// Returns 0 on success; `*destinationLength` is the capacity on input and the length on output.
int compress2(unsigned char *destination, unsigned long *destinationLength,
              const unsigned char *source, unsigned long sourceLength, int level);
/// Returns 0 on success; `*destinationLength` is the capacity on input and the length on output.
int uncompress(unsigned char *destination, unsigned long *destinationLength,
               const unsigned char *source, unsigned long sourceLength);
unsigned long crc32(unsigned long crc, const unsigned char *bytes, unsigned int length);
#ifdef __cplusplus
}
#endif
#endif
