export { NotificationTopic, topicName, type NotificationTopicArgs, type Publisher } from "./notification-topic";
