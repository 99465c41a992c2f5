import Foundation
import RunSupport

extension JobShard {
  /// What `--shard` says; the whole job where it is not given.
  package init(option: String?) throws {
    self =
      try option.map {
        try JobShard(parsing: $0, environment: ProcessInfo.processInfo.environment)
      } ?? .whole
  }
}
