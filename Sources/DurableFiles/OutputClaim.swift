import Foundation

/// One job's hold on an output that appears when it is finished: a file or a folder.
///
/// The hold is a lock on `<output>.part-claim`, which the system lets go of when the process ends,
/// however it ends; the file is then a leftover that the next job takes over. A claim removes what
/// killed jobs left of this output: whatever else is called `<output>.part-…`.
public final class OutputClaim {
  private let path: String
  private let descriptor: Int32

  /// - Throws: `RunError.inUse` where another job holds the output, `RunError.cannotWrite` naming it.
  public init(_ output: String) throws {
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
    // Removed while it is locked, so that nobody can hold a file that is about to go.
    FileSystem.remove(path)
    Temporaries.remove(path)
    close(descriptor)
  }

  private static func lock(_ path: String, of output: String) throws -> Int32 {
    while true {
      let descriptor = FileSystem.open(path, O_RDWR | O_CREAT)
      guard descriptor >= 0 else { throw AppendedFile.failure(output) }
      // A file system without locks is used without them.
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        close(descriptor)
        throw RunError.inUse(path: output)
      }
      // Its last holder may have removed the file between the opening and the lock.
      var held = stat()
      fstat(descriptor, &held)
      if let now = FileSystem.status(path), now.st_ino == held.st_ino, now.st_dev == held.st_dev {
        return descriptor
      }
      close(descriptor)
    }
  }
}

/// A lock on a folder that a job fills in place, such as a run folder; it ends with the process.
public final class FolderLock: Sendable {
  private let descriptor: Int32

  /// - Throws: `RunError.inUse` where another job holds the folder. A file system without locks for
  ///   folders is used without them.
  public init(_ folder: String) throws {
    descriptor = FileSystem.open(folder, O_RDONLY | O_DIRECTORY)
    if descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      throw RunError.inUse(path: folder)
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
