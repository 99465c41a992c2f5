import DurableFiles
import Foundation
import Kernel
import TorchCore

/// The tensors of the Inception trunk, with the parameter names of pytorch-fid.
public struct InceptionWeights {
  public let path: String
  /// SHA-256 of the file.
  public let fileSHA256: String
  /// Whether the file is the published one, or has the same values.
  public let isVerified: Bool

  private let tensors: [String: Tensor]
  private let gains: [String: Tensor]

  /// Finds the weights: `given`, else `GANINSAR_INCEPTION`, else in the download folders of this
  /// program and PyTorch.
  /// - Throws: `InceptionError.noWeights` with the searched paths.
  public static func locate(
    _ given: String?, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> String {
    if let given { return given }
    if let path = environment["GANINSAR_INCEPTION"], !path.isEmpty { return path }
    let home = environment["HOME"] ?? "."
    let cache = environment["XDG_CACHE_HOME"] ?? "\(home)/.cache"
    let torch = environment["TORCH_HOME"] ?? "\(cache)/torch"
    let places = [
      "\(cache)/ganinsar/inception-2015-12-05-pool3.safetensors",
      "\(cache)/ganinsar/\(wellKnownName)", "\(torch)/hub/checkpoints/\(wellKnownName)",
    ]
    guard let found = places.first(where: { FileSystem.exists($0) }) else {
      throw InceptionError.noWeights(lookedAt: places)
    }
    return found
  }

  static let wellKnownName = "pt_inception-2015-12-05-6726825d.pth"
  /// The start of the published file's SHA-256, which PyTorch's convention puts into its name.
  static let wellKnownPrefix = "6726825d"
  /// `valuesSHA256` of the published tensors.
  static let publishedValues = "ef6eee5415ccdff61fa0e1638e2cd46249cc7af7ac83017aeafbe6d991115ad9"

  /// Reads a `.safetensors` file, or a `.pth` without executing any pickle code.
  ///
  /// - Parameter allowUnverified: accepts values other than the published ones, whose FIDs are not
  ///   comparable with others.
  /// - Throws: `InceptionError.weights` for a file that is missing, truncated or hostile, lacks a
  ///   tensor of the trunk (the message names it), has one of a wrong shape, or has other values
  ///   than published.
  public static func read(_ path: String, allowUnverified: Bool = false) throws
    -> InceptionWeights
  {
    let fileSHA256: String
    do {
      fileSHA256 = try SHA256.hex(ofFile: path)
    } catch RunError.cannotRead(_, let reason) {
      throw InceptionError.weights(path: path, reason: "cannot be read (\(reason))")
    }
    /// A checksum with which a user can verify a download.
    let checksum =
      "the file's SHA-256 is \(fileSHA256.prefix(12))..., that of the published .pth "
      + "\(wellKnownPrefix)..."
    let all: [String: Tensor]
    do {
      all =
        isSafetensors(path)
        ? try Safetensors(path: path).tensors(where: isOfTrunk)
        : try TorchFile.tensors(path, where: isOfTrunk)
    } catch TorchError.file(_, let reason) {
      throw InceptionError.weights(path: path, reason: "\(reason) (\(checksum))")
    } catch InceptionError.weights(_, let reason) {
      throw InceptionError.weights(path: path, reason: "\(reason) (\(checksum))")
    }
    var tensors: [String: Tensor] = [:]
    for (name, shape) in InceptionShapes.all {
      guard let tensor = all[name] else {
        throw InceptionError.weights(
          path: path,
          reason: "holds no '\(name)', so it is not the Inception trunk of FID (\(checksum))")
      }
      guard tensor.shape == shape, tensor.dtype == .float32 else {
        throw InceptionError.weights(
          path: path,
          reason: "'\(name)' is \(tensor.dtype)\(tensor.shape), and float32\(shape) is expected")
      }
      guard try tensor.isAllFinite() else {
        throw InceptionError.weights(
          path: path, reason: "'\(name)' holds values that are NaN or infinite (\(checksum))")
      }
      tensors[name] = tensor
    }
    let gains = all.filter { $0.key.hasSuffix(".bn.weight") }
    for (name, gain) in gains where gain.shape != tensors[shiftName(name)]?.shape {
      throw InceptionError.weights(path: path, reason: "'\(name)' has shape \(gain.shape)")
    }
    let values = try valuesSHA256(tensors)
    let unitGains = try gains.values.allSatisfy { try $0.floats().allSatisfy { $0 == 1 } }
    let isVerified =
      (values == publishedValues && unitGains) || fileSHA256.hasPrefix(wellKnownPrefix)
    guard isVerified || allowUnverified else {
      throw InceptionError.weights(
        path: path,
        reason: "its values have the checksum \(values.prefix(12))..., and the network of "
          + "2015-12-05 has \(publishedValues.prefix(12))...: the file is damaged or of another "
          + "network (\(OptionName.unverifiedWeights) takes it all the same)")
    }
    return InceptionWeights(
      path: path, fileSHA256: fileSHA256, isVerified: isVerified, tensors: tensors, gains: gains)
  }

  func tensor(_ name: String) throws -> Tensor {
    guard let tensor = tensors[name] else {
      throw InceptionError.weights(path: path, reason: "holds no '\(name)'")
    }
    return tensor
  }

  /// The gain of a batch normalization, if one is stored.
  func gain(_ name: String) -> Tensor? { gains[name] }

  /// SHA-256 over names and values in name order, independent of the file format.
  static func valuesSHA256(_ tensors: [String: Tensor]) throws -> String {
    var hash = SHA256()
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      hash.update(Data("\(name)\u{0}".utf8))
      let values: [Float] = try tensor.values()
      values.withUnsafeBytes { hash.update($0) }
    }
    return hash.hex()
  }

  private static func shiftName(_ gain: String) -> String {
    gain.replacingOccurrences(of: ".bn.weight", with: ".bn.bias")
  }

  /// Whether a tensor of the file is needed: those of the trunk, and their gains.
  private static func isOfTrunk(_ name: String) -> Bool {
    InceptionShapes.all[name] != nil
      || (name.hasSuffix(".bn.weight") && InceptionShapes.all[shiftName(name)] != nil)
  }

  private static func isSafetensors(_ path: String) -> Bool {
    // A .pth is a zip ("PK") or begins with a pickle's PROTO.
    guard let start = try? InputFile.map(path).prefix(2) else { return false }
    return !(start.starts(with: Array("PK".utf8)) || start.first == 0x80)
  }
}
