import Foundation

/// Reserves an output, a file or a folder, for one job until it is finished.
///
/// The claim is a lock on `<output>.part-claim`. The system releases it when the process ends in
/// any way; the next job then reuses the file. A claim also removes the temporary files that killed
/// jobs left for this output: all others named `<output>.part-…`.
package final class OutputClaim {
  private let path: String
  private let descriptor: Int32

  /// - Throws: `RunError.inUse` if another job uses the output; `RunError.cannotWrite`.
  package init(_ output: String) throws {
    let output = FilePath.trimmed(output)
    path = "\(output).part-claim"
    descriptor = try Self.lock(path, of: output)
    Temporaries.add(path)
    let prefix = FilePath.name(output) + ".part-"
    let own = FilePath.name(path)
    for name in (try? FileSystem.names(in: FilePath.folder(output))) ?? []
    where name.hasPrefix(prefix) && name != own {
      FileSystem.remove(FilePath.sibling(output, name))
    }
  }

  deinit {
    // Removed while it is locked, so that no other job can lock a file that is about to be removed.
    FileSystem.remove(path)
    Temporaries.remove(path)
    FileLock.release(descriptor)
  }

  private static func lock(_ path: String, of output: String) throws -> Int32 {
    while true {
      let descriptor = FileSystem.open(path, O_RDWR | O_CREAT)
      guard descriptor >= 0 else { throw AppendedFile.failure(output) }
      // On a file system without locks, work continues without them.
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        close(descriptor)
        throw RunError.inUse(path: output)
      }
      // The previous job may have removed the file between opening and locking.
      var held = stat()
      fstat(descriptor, &held)
      if let now = FileSystem.status(path), now.st_ino == held.st_ino, now.st_dev == held.st_dev {
        return descriptor
      }
      close(descriptor)
    }
  }
}

/// A lock on the folder of a job (`ResumableFolder`); it is released when the process ends.
final class FolderLock: Sendable {
  private let descriptor: Int32

  /// - Parameter isShared: several processes hold the lock at a time, all of them with `isShared`.
  /// - Throws: `RunError.inUse` if another job uses the folder. On a file system without locks for
  ///   folders, no lock is taken.
  init(_ folder: String, isShared: Bool = false) throws {
    descriptor = FileSystem.open(folder, O_RDONLY | O_DIRECTORY)
    let kind = isShared ? LOCK_SH : LOCK_EX
    if descriptor >= 0, flock(descriptor, kind | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      throw RunError.inUse(path: folder)
    }
  }

  deinit { if descriptor >= 0 { FileLock.release(descriptor) } }
}

private enum FileLock {
  /// Unlocks and closes. Closing alone would leave the lock to a contained process that was forked
  /// meanwhile and still has a copy of the descriptor.
  static func release(_ descriptor: Int32) {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
