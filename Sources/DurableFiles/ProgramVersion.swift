import CVersion

/// The version and the commit of the running program, for `--version` and manifests.
package enum ProgramVersion {
  package static let number = GANINSAR_VERSION
  /// 12 digits; `unknown` if the build was not started by `make`.
  package static let commit = String(cString: ganinsar_commit())
  package static let name = "ganinsar \(number) (\(commit))"
}
