// Files that must be there after a power cut, whole or not at all.
//
// Any thread. Failure is a StoreError: disk_full where the disk is full, unusable otherwise.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace gatehouse::store {

/// Everything of a file, or of a directory's names, is on disk when it returns.
void sync_file(const std::filesystem::path& path);
void sync_directory_of(const std::filesystem::path& path);

/// Renames within one directory, on disk when it returns; a file of that name is replaced.
void move_durably(const std::filesystem::path& from, const std::filesystem::path& to);

/// Writes a file of mode 0600 beside its place, syncs it and puts it there.
void write_durably(const std::filesystem::path& path, std::string_view text);

/// An empty file of mode 0600; one that is there, whatever it is, is removed first.
void make_empty(const std::filesystem::path& path);

/// The file itself, wherever symbolic links lead: what is kept beside a store stands beside this
/// one. As it is named where it cannot be told.
std::filesystem::path real_path(const std::filesystem::path& store);

/// Throws the StoreError of the errno as it is now.
[[noreturn]] void throw_file_error(const std::string& doing);

}  // namespace gatehouse::store
