import DurableFiles
import Foundation

/// The path of the library that sums GPU tensors through NCCL.
enum NCCLPlugIn {
  static let fileName = "libganinsar_nccl.so"

  /// `GANINSAR_NCCL_PLUGIN`, or else a file beside the program.
  static var path: String {
    if let given = ProcessInfo.processInfo.environment["GANINSAR_NCCL_PLUGIN"], !given.isEmpty {
      return given
    }
    let program =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return "\(FilePath.folder(program))/\(fileName)"
  }
}
