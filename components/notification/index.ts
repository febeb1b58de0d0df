export { NotificationTopic, type NotificationTopicArgs, type Publisher } from "./notification-topic";
