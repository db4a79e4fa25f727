// What somebody beside the loop found wrong, or right again: the backups, the line to the cloud.
// The engine looks at it once a second, as it looks at the disk, and makes alerts of it.
//
//   alarms.tell({.kind = "backup_failed", .subject = "backup", .message = "No backup was made"});
//   alarms.tell({.kind = "backup_failed", .subject = "backup"});   // it is over
//
// Of a kind and subject the newest stands; it never fills up beyond those. Any thread; never waits.
#pragma once

#include "edge/store/alerts.hpp"

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::engine {

struct AlarmTold {
  std::string kind;  // a topic's level: `backup_failed`
  std::string subject;
  store::Severity severity = store::Severity::warning;
  std::string message;  // "": it is over
};

class Alarms {
 public:
  void tell(AlarmTold told) {
    const std::scoped_lock lock(mutex_);
    auto key = std::pair(told.kind, told.subject);
    told_.insert_or_assign(std::move(key), std::move(told));
  }
  /// What was told since the last time.
  std::vector<AlarmTold> take() {
    const std::scoped_lock lock(mutex_);
    std::vector<AlarmTold> all;
    for (auto& [key, told] : told_) all.push_back(std::move(told));
    told_.clear();
    return all;
  }

 private:
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, AlarmTold> told_;  // protected by mutex_
};

}  // namespace gatehouse::engine
