import DurableFiles
import Foundation

/// Where the library is looked for that sums GPU tensors through NCCL.
enum NCCLPlugIn {
  static let fileName = "libganinsar_nccl.so"

  /// `GANINSAR_NCCL_PLUGIN`, else beside the program.
  static var path: String {
    if let given = ProcessInfo.processInfo.environment["GANINSAR_NCCL_PLUGIN"], !given.isEmpty {
      return given
    }
    let program =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return "\(FilePath.folder(program))/\(fileName)"
  }
}
